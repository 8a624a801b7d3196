/**
 * The benchmark: what an operation costs here, beside the limit and beside others who do the same.
 *
 *   npm run bench                                    all workloads, all servers
 *   npm run bench -- --quick                         the same within half a minute, more roughly
 *   npm run bench -- --workload one --servers limit,ticketgraph --rounds 3
 *   npm run bench -- --profile --workload page       where the time of ticketgraph goes
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareAnswers, startField } from './field.ts';
import { compare } from './measure.ts';
import { canPin, pinLoad } from './processes.ts';
import { readProfiles } from './profile.ts';
import { toTable } from './report.ts';
import { SERVER_NAMES } from './servers/index.ts';
import { WORKLOADS, WORKLOAD_NAMES, type WorkloadName } from './workloads.ts';

const QUICK = { rounds: 5, warmUp: 4 };
const FULL = { rounds: 21, warmUp: 30 };

const PROFILED = { rounds: 10, warmUp: 5 };

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: WORKLOAD_NAMES.join() },
    servers: { type: 'string', default: SERVER_NAMES.join() },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  pinLoad();
  if (!canPin) console.log('Processes cannot be held to cores here: ratios may spread more.');
  const workloads = choose('workload', values.workload, WORKLOAD_NAMES);
  if (values.profile) {
    for (const workload of workloads) await profile(workload);
    return;
  }
  const effort = values.quick ? QUICK : FULL;
  const field = await startField(choose('servers', values.servers, SERVER_NAMES));
  try {
    await compareAnswers(field, workloads);
    const results = await compare(field, workloads, { ...effort, rounds: Number(values.rounds ?? effort.rounds) });
    console.log(toTable(results));
  } finally {
    await field.stop();
  }
}

/** Of the workload alone, after it has become hot. */
async function profile(workload: WorkloadName): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-profile-'));
  const field = await startField(['ticketgraph'], ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  let fromMicros = 0;
  try {
    await compare(field, [workload], { rounds: 0, warmUp: PROFILED.warmUp });
    fromMicros = Number(process.hrtime.bigint() / 1000n);
    await compare(field, [workload], { ...PROFILED, warmUp: 0 });
  } finally {
    await field.stop();
  }
  console.log(
    `### ${WORKLOADS[workload].title}: profile in ${folder}\n\n${readProfiles(folder, fromMicros).join('\n')}\n`,
  );
}

/** @throws where a name is not known */
function choose<Name extends string>(option: string, text: string, known: readonly Name[]): Name[] {
  return text.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new TypeError(`--${option} takes some of ${known.join()}, not ${name}.`);
    return found;
  });
}

await main();
