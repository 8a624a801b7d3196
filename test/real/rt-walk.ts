/**
 * Random writes to a few tickets of a Request Tracker, by two accounts, with lost requests, lost answers and changes by
 * others in between: what each outcome promises agrees with the history that RT keeps. Runs against the real one and against
 * the sandbox.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interference } from './cutting-proxy.ts';
import { isWrite, observe, perform, useSession, type Payload, type Session } from './rt-session.ts';
import { createTicket, type Change, type RtWorld } from './rt-world.ts';

const STEPS = 60;

interface Step {
  /** Index of the ticket. */
  readonly ticket: number;
  readonly by: 'gateway' | 'german';
  readonly action: string;
  readonly fault: 'none' | 'request lost' | 'answer lost' | 'changed before' | 'changed after';
}

const STATUSES = ['new', 'open', 'stalled', 'resolved', 'draft', 'review', 'approved', 'refused', 'nonsense'];

const steps = fc.record<Step>({
  ticket: fc.nat({ max: 3 }),
  by: fc.constantFrom('gateway', 'german'),
  action: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...STATUSES.map((status) => `status.${status}`)) },
    { weight: 2, arbitrary: fc.constantFrom('comment', 'correspond', 'title') },
    { weight: 1, arbitrary: fc.constantFrom('take', 'untake', 'steal') },
  ),
  fault: fc.oneof(
    { weight: 2, arbitrary: fc.constant('none' as const) },
    { weight: 3, arbitrary: fc.constantFrom('request lost', 'answer lost', 'changed before', 'changed after') },
  ),
});

export function describeWalk(title: string, open: () => Promise<RtWorld>): void {
  describe(`a random walk over ${title}`, () => {
    const session = useSession(open);

    test('RT: every outcome of random writes agrees with the history', async () => {
      const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
      const { world, connectAs } = session();
      const german = await connectAs('german');
      const tickets = await Promise.all(
        (['Support', 'Support', 'Changes', 'Changes'] as const).map((queue) => createTicket(world, { queue })),
      );
      const outcomes = new Set<string>();
      for (const [index, step] of fc.sample(steps, { numRuns: STEPS, seed }).entries()) {
        const id = tickets[step.ticket]!;
        const endpoint = step.by === 'german' ? german : session().endpoint;
        const { result, changes } = await observe(world, [id], () => take(session(), step, id, index, endpoint));
        const why = `SEED=${seed}, step ${index}: ${JSON.stringify(step)}, ${JSON.stringify(result)}`;
        const own = changes[0]!.filter(({ by, ...change }) => by === step.by && isOf(step, index, change));
        expect(own.length, why).toBeLessThanOrEqual(1);
        if (result.outcome === 'NOT_APPLIED') expect(own, why).toEqual([]);
        if (result.outcome === 'APPLIED' && own.length === 0) expect(await stands(world, step, id), why).toBe(true);
        if (step.fault === 'none') expect(result.outcome, why).not.toBe('UNKNOWN');
        outcomes.add(result.outcome);
      }
      expect(outcomes).toEqual(new Set(['APPLIED', 'NOT_APPLIED', 'UNKNOWN']));
    });
  });
}

async function take(
  { world, proxy }: Session,
  { action, fault }: Step,
  id: number,
  index: number,
  endpoint: Session['endpoint'],
): Promise<Payload> {
  const disturb = (): Promise<unknown> =>
    world.send('root', 'POST', `/ticket/${id}/comment`, { Content: `Before ${index}`, ContentType: 'text/plain' });
  const interferences: Readonly<Record<Step['fault'], Interference>> = {
    none: {},
    'request lost': { isForwarded: false },
    'answer lost': { isAnswered: false },
    'changed before': { before: disturb },
    'changed after': { isAnswered: false, after: disturb },
  };
  proxy.interfere = (request) => (isWrite(request) ? interferences[fault] : undefined);
  const input = { ticketId: `rt:${id}` };
  const inputs = action === 'comment' || action === 'correspond' ? { inputs: { content: `Text ${index}` } } : {};
  const payload =
    action === 'title'
      ? await perform(endpoint, 'updateTicket', { ...input, title: `Title ${index}` }, true)
      : await perform(endpoint, 'executeAction', { ...input, action, ...inputs }, true);
  proxy.interfere = undefined;
  return payload;
}

const OWNER_VERBS = ['take', 'untake', 'steal'];

/** Whether a change is the one that the step asks for. */
function isOf({ action }: Step, index: number, { type, field, to }: Omit<Change, 'by'>): boolean {
  if (action.startsWith('status.')) return type === 'Status' && action === `status.${to}`;
  if (action === 'title') return field === 'Subject' && to === `Title ${index}`;
  // RT records the owner, and then the role of the owner.
  if (OWNER_VERBS.includes(action)) return field === 'Owner' && type !== 'SetWatcher';
  return type.toLowerCase() === action;
}

/** Whether the ticket stood already where the step leads to. */
async function stands(world: RtWorld, { action, by }: Step, id: number): Promise<boolean> {
  const { body } = await world.send('root', 'GET', `/ticket/${id}`);
  if (action.startsWith('status.')) return action === `status.${body.Status}`;
  if (OWNER_VERBS.includes(action)) return body.Owner.id === (action === 'untake' ? 'Nobody' : by);
  return false;
}
