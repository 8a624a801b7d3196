/**
 * Runs a bulk job of many tickets, kills its server again and again, and says what the vendor has received.
 *
 * Usage: npm run bulk:soak [-- <tickets>] (default 100000)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SOLVE, countsOf, findJob, follow, startBulk } from '../test/support/bulk.ts';
import { startManyTickets } from '../test/support/many-tickets.ts';
import { startReplica } from '../test/support/replica.ts';

/** Milliseconds that a server runs, once it has gone on with the job, before it is killed. */
const KILL_AFTER_MS = 2_000;

const count = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bulk-soak-'));
const vendor = await startManyTickets(count);
const environment = { ...vendor.settings, STORE_PATH: join(folder, 'store') };
let server = await startReplica(environment);
const response = await fetch(new URL('/bulk/uploads', server.url), {
  method: 'POST',
  headers: { 'content-type': 'text/plain', 'apollo-require-preflight': '1' },
  body: vendor.ids.join('\n'),
});
const { uploadId } = (await response.json()) as { readonly uploadId: string };
const startedAt = performance.now();
const { job } = (await startBulk(server, { work: SOLVE, tickets: { uploadId } })) as { job: { id: string } };

let [kills, wrongSums, slowestResumeMs] = [0, 0, 0];
for (;;) {
  await sleep(KILL_AFTER_MS);
  const now = (await findJob(server, job.id)) as Record<string, number> & { readonly state: unknown };
  if (countsOf(now) !== now['total']) wrongSums += 1;
  if (now.state === 'DONE') break;
  await server.kill();
  const killedAt = performance.now();
  kills += 1;
  server = await startReplica(environment);
  const isFurther = (later: typeof now): boolean =>
    later.state === 'DONE' ||
    (countsOf(later) > 0 && later['total']! > now['total']!) ||
    later['waiting']! < now['waiting']!;
  await follow(server, job.id, isFurther);
  slowestResumeMs = Math.max(slowestResumeMs, performance.now() - killedAt);
}
const done = (await findJob(server, job.id)) as Record<string, number>;
const twice = vendor.ids.filter((id) => vendor.sent(id) > 1).length;
const never = vendor.ids.filter((id) => vendor.sent(id) === 0).length;
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
console.log(
  `${count} tickets in ${seconds} s, ${kills} kills, resumed within ${(slowestResumeMs / 1_000).toFixed(1)} s`,
);
console.log(`applied ${done['applied']}, not applied ${done['notApplied']}, unknown ${done['unknown']}`);
console.log(`sent twice ${twice}, never sent ${never}, wrong sums ${wrongSums}`);
await server.stop();
await vendor.close();
rmSync(folder, { recursive: true, force: true });
process.exitCode = twice > 0 || wrongSums > 0 || never > (done['unknown'] ?? 0) ? 1 : 0;
