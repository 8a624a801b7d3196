/** The real Request Tracker that `start-rt.sh` started around this process. */
import { describeActions } from './rt-actions.ts';
import { describeLosses } from './rt-losses.ts';
import { describeReads } from './rt-reads.ts';
import { describeReplicas } from './rt-replicas.ts';
import { describeWalk } from './rt-walk.ts';
import { openRealRt } from './rt-world.ts';
import { describeWrites } from './rt-writes.ts';

describeReads('the real RT', openRealRt);
describeActions('the real RT', openRealRt);
describeWrites('the real RT', openRealRt);
describeLosses('the real RT', openRealRt);
describeWalk('the real RT', openRealRt);
describeReplicas('the real RT', openRealRt);
