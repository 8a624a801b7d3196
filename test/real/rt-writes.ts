/**
 * What writing to a Request Tracker promises while nothing is lost: each outcome agrees with the history that RT keeps. Runs
 * against the real one and against the sandbox.
 */
import { describe, expect, test } from 'vitest';
import { observe, perform, statusChange, useSession, writesSince, type Input, type Payload } from './rt-session.ts';
import {
  createTicket,
  historyOf,
  moveTicket,
  statusOf,
  visibleTickets,
  type Change,
  type RtUser,
  type RtWorld,
} from './rt-world.ts';

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

export function describeWrites(title: string, open: () => Promise<RtWorld>): void {
  describe(`writing to ${title}`, () => {
    const session = useSession(open);

    /** Performs a write on one ticket. Returns the payload and what RT recorded. */
    const write = async (
      id: number,
      mutation: string,
      input: Input,
      user: RtUser = 'gateway',
    ): Promise<{ payload: Payload; changes: readonly Change[] }> => {
      const endpoint = user === 'gateway' ? session().endpoint : await session().connectAs(user);
      // Only the payload of `gateway` selects the ticket, which others may not see.
      const run = (): Promise<Payload> => perform(endpoint, mutation, input, user !== 'gateway');
      const { result, changes } = await observe(session().world, [id], run);
      return { payload: result, changes: changes[0]! };
    };
    const act = (id: number, action: string, more: Input = {}, user?: RtUser): ReturnType<typeof write> =>
      write(id, 'executeAction', { ticketId: `rt:${id}`, action, ...more }, user);

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

    test('RT: setStatus reports each ticket as RT recorded it', async () => {
      const { world, endpoint } = session();
      const fresh = await createTicket(world);
      const already = await createTicket(world, { path: ['resolved'] });
      const change = await createTicket(world, { queue: 'Changes' });
      const ids = [fresh, already, change];
      const input = { ticketIds: [...ids, 999_999].map((id) => `rt:${id}`), status: 'SOLVED' };
      const { result, changes } = await observe(world, ids, () => perform(endpoint, 'setStatus', input));
      expect(result.outcome).toBe('PARTIAL');
      expect(result.results!.map(({ outcome, problem }) => [outcome, problem?.code ?? null])).toEqual([
        ['APPLIED', null],
        ['APPLIED', null],
        ['NOT_APPLIED', expect.stringMatching(/VENDOR_REJECTED|ILLEGAL_ACTION/)],
        ['NOT_APPLIED', 'NOT_FOUND'],
      ]);
      expect(changes).toMatchObject([[statusChange('new', 'resolved')], [], []]);
    });

    test('RT: creates a ticket with all its fields', async () => {
      const { world, endpoint } = session();
      const rt = {
        queue: 'Support',
        subject: 'Created',
        requestors: ['anna@example.com', 'ben@example.com'],
        content: 'First\nsecond',
        owner: 'german',
        priority: 42,
        customFields: [{ name: 'Severity', values: ['High'] }],
      };
      const payload = await perform(endpoint, 'createTicket', { ticket: { rt } });
      expect(payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
      const id = Number(payload.ticket!.id.replace('rt:', ''));
      const { body } = await world.send('root', 'GET', `/ticket/${id}`);
      expect(body).toMatchObject({ Subject: 'Created', Status: 'new', Priority: '42', Owner: { id: 'german' } });
      expect(body.Requestor.map((one: { id: string }) => one.id).toSorted()).toEqual(rt.requestors);
      expect(body.CustomFields.find((one: { name: string }) => one.name === 'Severity').values).toEqual(['High']);
      expect((await historyOf(world, id)).filter(({ type }) => type === 'Create')).toMatchObject([{ by: 'gateway' }]);
    });

    test.each([
      ['an unknown queue', { queue: 'Nope', subject: 'x' }, ['VENDOR_FORBIDDEN', 'VENDOR_REJECTED']],
      ['a subject that RT would cut', { queue: 'Support', subject: 'x'.repeat(201) }, ['INVALID_INPUT']],
      ['a subject that RT would join', { queue: 'Support', subject: 'two\nlines' }, ['INVALID_INPUT']],
    ])('RT: a ticket with %s is not created', async (_, rt, codes) => {
      const { world, endpoint } = session();
      const before = await visibleTickets(world);
      const payload = await perform(endpoint, 'createTicket', { ticket: { rt } });
      expect(payload.outcome).toBe('NOT_APPLIED');
      expect(codes).toContain(payload.problems[0]!.code);
      expect(await visibleTickets(world)).toEqual(before);
    });

    test('RT: what RT drops from a new ticket is reported beside APPLIED', async () => {
      const rt = {
        queue: 'Support',
        subject: 'Dropped',
        owner: 'nobodyknows',
        customFields: [{ name: 'NoSuch', values: ['x'] }],
      };
      const payload = await perform(session().endpoint, 'createTicket', { ticket: { rt } });
      expect(payload.outcome).toBe('APPLIED');
      expect(payload.problems).not.toEqual([]);
    });

    test('RT: updates the subject, and rejects what RT would change in silence', async () => {
      const id = await createTicket(session().world);
      const update = (subject: string): ReturnType<typeof write> =>
        write(id, 'updateTicket', { ticketId: `rt:${id}`, title: subject });
      const renamed = await update('x'.repeat(200));
      expect(renamed.payload).toMatchObject({ outcome: 'APPLIED', problems: [] });
      expect(renamed.changes).toMatchObject([{ type: 'Set', field: 'Subject', to: 'x'.repeat(200), by: 'gateway' }]);
      for (const subject of ['x'.repeat(201), 'two\nlines']) {
        const { payload, changes } = await update(subject);
        expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'INVALID_INPUT' }] });
        expect(changes).toEqual([]);
      }
    });

    test('RT: deletes tickets, and reports those that it cannot delete', async () => {
      const { world, endpoint } = session();
      const gone = await createTicket(world, { path: ['resolved'] });
      const kept = await createTicket(world, { queue: 'Changes' });
      const ids = [gone, kept];
      const input = { ticketIds: [...ids, 999_999].map((id) => `rt:${id}`) };
      const { result, changes } = await observe(world, ids, () => perform(endpoint, 'deleteTickets', input));
      expect(result.results!.map(({ outcome }) => outcome)).toEqual([
        // A resolved ticket of the stock lifecycle can be deleted; a lifecycle without `deleted` has no such status.
        'APPLIED',
        'NOT_APPLIED',
        'NOT_APPLIED',
      ]);
      expect(changes).toMatchObject([[statusChange('resolved', 'deleted')], []]);
      expect(await statusOf(world, gone)).toBe('deleted');
      expect(await visibleTickets(world)).not.toContain(gone);
    });

    test('RT: a write on a merged ticket acts on the one into which it was merged, and says so', async () => {
      const { world } = session();
      const target = await createTicket(world);
      const merged = await createTicket(world);
      await world.send('gateway', 'PUT', `/ticket/${merged}`, { MergeInto: target });
      const { result, changes } = await observe(world, [target], () =>
        perform(session().endpoint, 'executeAction', { ticketId: `rt:${merged}`, action: 'status.open' }),
      );
      expect(result).toMatchObject({ outcome: 'APPLIED', transition: { to: { raw: 'open' } } });
      expect(result.ticket).toMatchObject({ id: `rt:${target}`, status: { raw: 'open' } });
      expect(changes).toMatchObject([[statusChange('new', 'open')]]);
    });

    test('RT: a dry run sends nothing', async () => {
      const id = await createTicket(session().world);
      const mark = session().proxy.ledger.length;
      const { changes } = await act(id, 'status.open', { dryRun: true });
      expect(changes).toEqual([]);
      expect(writesSince(session().proxy, mark)).toEqual([]);
    });

    test('RT: a write never carries what makes RT answer with a login page', async () => {
      const { proxy, world } = session();
      await moveTicket(world, await createTicket(world), 'open');
      for (const { request } of proxy.ledger) {
        expect(request.headers).not.toHaveProperty('cookie');
        expect(request.headers).not.toHaveProperty('if-modified-since');
        expect(request.headers).not.toHaveProperty('if-unmodified-since');
        expect(request.headers['user-agent'] ?? '').not.toMatch(/Mozilla/);
      }
    });
  });
}
