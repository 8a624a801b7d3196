/**
 * What an action on a ticket of a Request Tracker promises while nothing is lost: each outcome agrees with the history that RT
 * keeps. Runs against the real one and against the sandbox.
 */
import { describe, expect, test } from 'vitest';
import {
  statusChange,
  useSession,
  writesSince,
  writeTo,
  perform,
  type Input,
  type ObservedWrite,
} from './rt-session.ts';
import { createTicket, type RtUser, type RtWorld } from './rt-world.ts';

/** Every transition that the two queues offer: the way to the status it starts from, and where it leads. */
const TRANSITIONS = [
  ['Support', [], 'open'],
  ['Support', [], 'resolved'],
  ['Support', [], 'rejected'],
  ['Support', [], 'deleted'],
  ['Support', ['open'], 'stalled'],
  ['Support', ['open'], 'resolved'],
  ['Support', ['open'], 'rejected'],
  ['Support', ['open', 'stalled'], 'open'],
  ['Support', ['resolved'], 'open'],
  ['Support', ['rejected'], 'open'],
  // Legal, although no button offers it.
  ['Support', ['open'], 'new'],
  ['Changes', [], 'review'],
  ['Changes', [], 'refused'],
  ['Changes', ['review'], 'approved'],
  ['Changes', ['review'], 'refused'],
  ['Changes', ['review'], 'parked'],
  ['Changes', ['review', 'parked'], 'review'],
  ['Changes', ['review', 'approved'], 'done'],
  ['Changes', ['refused'], 'draft'],
] as const;

const CATEGORIES: Readonly<Record<string, string>> = {
  new: 'NEW',
  open: 'OPEN',
  stalled: 'ON_HOLD',
  resolved: 'SOLVED',
  rejected: 'CANCELLED',
  deleted: 'CANCELLED',
};

export function describeActions(title: string, open: () => Promise<RtWorld>): void {
  describe(`actions on tickets of ${title}`, () => {
    const session = useSession(open);

    const act = async (id: number, action: string, more: Input = {}, user?: RtUser): Promise<ObservedWrite> => {
      const endpoint = user && (await session().connectAs(user));
      return writeTo(session(), id, 'executeAction', { action, ...more }, endpoint);
    };

    test.each(TRANSITIONS)('RT: a ticket in %s, led through [%s], goes to %s', async (queue, path, to) => {
      const id = await createTicket(session().world, { queue, path });
      const from = path.at(-1) ?? (queue === 'Support' ? 'new' : 'draft');
      const { payload, changes } = await act(id, `status.${to}`);
      expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
      expect(payload.transition).toEqual({
        ticketId: `rt:${id}`,
        action: `status.${to}`,
        from: null,
        to: { raw: to, category: CATEGORIES[to] ?? null },
      });
      expect(payload.ticket).toMatchObject({ id: `rt:${id}`, status: { raw: to } });
      expect(changes).toMatchObject([statusChange(from, to)]);
    });

    test('RT: a transition is judged by what happened, whatever the language of the account', async () => {
      const id = await createTicket(session().world, { queue: 'Changes' });
      const yes = await act(id, 'status.review', {}, 'german');
      expect(yes.payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
      expect(yes.changes).toMatchObject([statusChange('draft', 'review', 'german')]);
      const no = await act(id, 'status.done', {}, 'german');
      expect(no.payload).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_REJECTED' }] });
      expect(no.payload.problems[0]!.upstreamMessage).toContain('Sie dürfen den Status nicht');
      expect(no.changes).toEqual([]);
    });

    test.each([
      ['a transition that the lifecycle forbids', 'status.done', 'gateway', ['VENDOR_REJECTED']],
      ['a status that the queue does not have', 'status.nonsense', 'gateway', ['VENDOR_REJECTED', 'ILLEGAL_ACTION']],
      ['a transition without the right to it', 'status.review', 'reader', ['VENDOR_FORBIDDEN', 'NOT_FOUND']],
      ['a comment without the right to it', 'comment', 'reader', ['VENDOR_FORBIDDEN', 'VENDOR_REJECTED', 'NOT_FOUND']],
    ] as const)('RT: %s is NOT_APPLIED, and RT recorded nothing', async (_, action, user, codes) => {
      const id = await createTicket(session().world, { queue: 'Changes' });
      const { payload, changes } = await act(
        id,
        action,
        action === 'comment' ? { inputs: { content: 'x' } } : {},
        user,
      );
      expect(payload.outcome).toBe('NOT_APPLIED');
      expect(codes).toContain(payload.problems[0]!.code);
      expect(changes).toEqual([]);
    });

    test.each([
      ['status.open', 'reader'],
      ['take', 'reader'],
      ['comment', 'reader'],
    ] as const)('RT: %s on a ticket that %s may only look at is NOT_APPLIED', async (action, user) => {
      const id = await createTicket(session().world);
      const { payload, changes } = await act(
        id,
        action,
        action === 'comment' ? { inputs: { content: 'x' } } : {},
        user,
      );
      expect(payload.outcome).toBe('NOT_APPLIED');
      expect(['VENDOR_REJECTED', 'VENDOR_FORBIDDEN']).toContain(payload.problems[0]!.code);
      expect(changes).toEqual([]);
    });

    test.each(['status.open', 'comment', 'take'])('RT: %s on a missing ticket is NOT_FOUND', async (action) => {
      const inputs = action === 'comment' ? { inputs: { content: 'x' } } : {};
      const payload = await perform(session().endpoint, 'executeAction', { ticketId: 'rt:999999', action, ...inputs });
      expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'NOT_FOUND' }] });
    });

    test('RT: a ticket that has the status already stands where the write leads to', async () => {
      const id = await createTicket(session().world, { path: ['open'] });
      const { payload, changes } = await act(id, 'status.open');
      expect(payload).toMatchObject({ outcome: 'APPLIED' });
      expect(changes).toEqual([]);
    });

    test('RT: a status in another letter case is the same status', async () => {
      const id = await createTicket(session().world, { path: ['open'] });
      const { payload, changes } = await act(id, 'status.Stalled');
      expect(payload).toMatchObject({ outcome: 'APPLIED', ticket: { status: { raw: 'stalled' } } });
      expect(changes).toMatchObject([statusChange('open', 'stalled')]);
    });

    test.each(['comment', 'correspond'])('RT: a %s is added once', async (action) => {
      const id = await createTicket(session().world, { path: ['open'] });
      const { payload, changes } = await act(id, action, { inputs: { content: 'Ein Wort: größer <b>' } });
      expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
      expect(changes).toMatchObject([{ type: action === 'comment' ? 'Comment' : 'Correspond', by: 'gateway' }]);
    });

    test('RT: a reply that opens a resolved ticket again says so by the status', async () => {
      const id = await createTicket(session().world, { path: ['resolved'] });
      const { payload, changes } = await act(id, 'correspond', { inputs: { content: 'Again' } });
      expect(payload).toMatchObject({ outcome: 'APPLIED', ticket: { status: { raw: 'open' } } });
      expect(changes.filter(({ type }) => type === 'Correspond')).toHaveLength(1);
      expect(changes.filter(({ type }) => type === 'Status')).toMatchObject([{ from: 'resolved', to: 'open' }]);
    });

    test('RT: a comment with an applied transition is a second request', async () => {
      const id = await createTicket(session().world, { queue: 'Changes' });
      const mark = session().proxy.ledger.length;
      const { payload, changes } = await act(id, 'status.review', { comment: 'Please look' });
      expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
      expect(changes.map(({ type }) => type).toSorted()).toEqual(['Comment', 'Status']);
      expect(writesSince(session().proxy, mark)).toHaveLength(2);
    });

    test('RT: a comment with a refused transition is not sent', async () => {
      const id = await createTicket(session().world, { queue: 'Changes' });
      const { payload, changes } = await act(id, 'status.done', { comment: 'Not for this' });
      expect(payload.outcome).toBe('NOT_APPLIED');
      expect(changes).toEqual([]);
    });

    test('RT: take, untake and steal change the owner, and are refused where the owner does not fit', async () => {
      const { world } = session();
      const id = await createTicket(world);
      const ownerOf = async (): Promise<string> => (await world.send('root', 'GET', `/ticket/${id}`)).body.Owner.id;
      expect((await act(id, 'take')).payload.outcome).toBe('APPLIED');
      expect(await ownerOf()).toBe('gateway');
      const refused = await act(id, 'take', {}, 'german');
      expect(refused.payload).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_REJECTED' }] });
      expect(refused.changes).toEqual([]);
      expect((await act(id, 'steal', {}, 'german')).payload.outcome).toBe('APPLIED');
      expect(await ownerOf()).toBe('german');
      expect((await act(id, 'untake', {}, 'german')).payload.outcome).toBe('APPLIED');
      expect(await ownerOf()).toBe('Nobody');
    });
  });
}
