/** The suites of `test/real`, over the sandbox: what they prove of the real RT holds of the simulated one. */
import { describeActions } from '../real/rt-actions.ts';
import { describeLosses } from '../real/rt-losses.ts';
import { describeReads } from '../real/rt-reads.ts';
import { describeReplicas } from '../real/rt-replicas.ts';
import { describeWalk } from '../real/rt-walk.ts';
import { openSandboxRt } from '../real/rt-world.ts';
import { describeWrites } from '../real/rt-writes.ts';

describeReads('the simulated RT', openSandboxRt);
describeActions('the simulated RT', openSandboxRt);
describeWrites('the simulated RT', openSandboxRt);
describeLosses('the simulated RT', openSandboxRt);
describeWalk('the simulated RT', openSandboxRt);
describeReplicas('the simulated RT', openSandboxRt);
