/**
 * The benchmark: what an operation costs here, beside the limit and beside others who do the same.
 *
 *   npm run bench                                    all workloads, all servers
 *   npm run bench -- --quick                         the same within half a minute, more roughly
 *   npm run bench -- --workload one --servers limit,ticketgraph --rounds 3
 */
import { parseArgs } from 'node:util';
import { compareAnswers, startField } from './field.ts';
import { compare } from './measure.ts';
import { canPin, pinLoad } from './processes.ts';
import { toTable } from './report.ts';
import { SERVER_NAMES } from './servers/index.ts';
import { WORKLOAD_NAMES } from './workloads.ts';

const QUICK = { rounds: 5, warmUp: 4 };
const FULL = { rounds: 21, warmUp: 30 };

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: WORKLOAD_NAMES.join() },
    servers: { type: 'string', default: SERVER_NAMES.join() },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  pinLoad();
  if (!canPin) console.log('Processes cannot be held to cores here: ratios may spread more.');
  const workloads = choose('workload', values.workload, WORKLOAD_NAMES);
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

/** @throws where a name is not known */
function choose<Name extends string>(option: string, text: string, known: readonly Name[]): Name[] {
  return text.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new TypeError(`--${option} takes some of ${known.join()}, not ${name}.`);
    return found;
  });
}

await main();
