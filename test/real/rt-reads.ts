/** What reading a Request Tracker promises. Runs against the real one and against the sandbox. */
import { describe, expect, test } from 'vitest';
import { useSession } from './rt-session.ts';
import { createTicket, moveTicket, visibleTickets, type RtWorld } from './rt-world.ts';

const TICKET = `... on RtTicket {
  id nativeId reference title status { category raw } createdAt queue owner creator requestors priorityNumber state
  dueAt startedAt resolvedAt timeWorkedMinutes customFields { name values } mergedInto
}`;

const ACTIONS = '... on TicketFields { availableActions { ... on TicketActionFields { name label mutation } } }';

/** A total that equals the length of the first page may be that of the page, so it is not reported. */
function countOf(tickets: readonly unknown[]): unknown {
  return expect.toSatisfy((count) => count === null || count === tickets.length);
}

interface Met {
  readonly nativeId: string;
  readonly createdAt: string;
  readonly queue: string;
}

function sortedIds(met: readonly Pick<Met, 'nativeId'>[]): number[] {
  return met.map(({ nativeId }) => Number(nativeId)).toSorted((one, other) => one - other);
}

interface Action {
  readonly name: string;
  readonly label: string;
}

export function describeReads(title: string, open: () => Promise<RtWorld>): void {
  describe(`reading from ${title}`, () => {
    const session = useSession(open);

    const read = async (
      id: number,
      fields = TICKET,
      { ask } = session().endpoint,
    ): Promise<Record<string, unknown>> => {
      const { data, errors } = await ask(`{ ticket(id: "rt:${id}") { ${fields} } }`);
      expect(errors).toBeUndefined();
      return data.ticket;
    };

    test('RT: reads all fields of a ticket', async () => {
      const fields = { Priority: 20, Owner: 'german', Due: '2027-01-02 03:04:05', CustomFields: { Severity: 'High' } };
      const id = await createTicket(session().world, { subject: 'Größer "als" 5', fields });
      const { createdAt, ...ticket } = await read(id);
      // The server is in another zone than UTC.
      expect(Math.abs(Date.parse(createdAt as string) - Date.now())).toBeLessThan(10 * 60_000);
      expect(ticket).toEqual({
        id: `rt:${id}`,
        nativeId: String(id),
        reference: String(id),
        title: 'Größer "als" 5',
        status: { category: 'NEW', raw: 'new' },
        queue: 'Support',
        owner: 'german',
        creator: 'gateway',
        requestors: ['anna@example.com'],
        priorityNumber: 20,
        state: 'new',
        dueAt: '2027-01-02T03:04:05.000Z',
        startedAt: null,
        resolvedAt: null,
        timeWorkedMinutes: 0,
        customFields: expect.toSatisfy((given: { name: string; values: string[] }[]) =>
          given.some(({ name, values }) => name === 'Severity' && values.join() === 'High'),
        ),
        mergedInto: null,
      });
    });

    test('RT: a missing ticket is null, and one that the account may not see is forbidden', async () => {
      const id = await createTicket(session().world, { queue: 'Changes' });
      const reader = await session().connectAs('reader');
      expect(await session().endpoint.ask('{ ticket(id: "rt:999999") { __typename } }')).toEqual({
        data: { ticket: null },
      });
      const { data, errors } = await reader.ask(`{ ticket(id: "rt:${id}") { __typename } }`);
      expect(data).toEqual({ ticket: null });
      expect(errors![0]!.extensions).toMatchObject({ code: 'VENDOR_FORBIDDEN' });
    });

    test('RT: a wrong password is reported as such', async () => {
      const wrong = await session().connect({ RT_PASSWORD: 'not this one' });
      const { errors } = await wrong.ask('{ ticket(id: "rt:1") { __typename } }');
      expect(errors![0]!.extensions).toMatchObject({ code: 'VENDOR_UNAUTHENTICATED' });
    });

    test('RT: several ids are answered in order, merged and deleted tickets among them', async () => {
      const { world, endpoint } = session();
      const target = await createTicket(world);
      const merged = await createTicket(world);
      const deleted = await createTicket(world, { path: ['deleted'] });
      await world.send('gateway', 'PUT', `/ticket/${merged}`, { MergeInto: target });
      const ids = [deleted, 999_999, merged, target].map((id) => `rt:${id}`);
      const query = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on RtTicket { id state mergedInto } } }';
      const { data, errors } = await endpoint.ask(query, { ids });
      expect(errors).toBeUndefined();
      expect(data.ticketsById).toEqual([
        { id: `rt:${deleted}`, state: 'deleted', mergedInto: null },
        null,
        { id: `rt:${merged}`, state: 'new', mergedInto: `rt:${target}` },
        { id: `rt:${target}`, state: 'new', mergedInto: null },
      ]);
    });

    /** Walks through the whole list by pages of 7. `between` is called after each page with the tickets met so far. */
    const walk = async (between?: (met: readonly Met[]) => Promise<unknown>): Promise<readonly Met[]> => {
      const query = `query ($after: String) { tickets(first: 7, after: $after, patienceMs: 0) {
        nodes { ... on RtTicket { nativeId createdAt queue } }
        pageInfo { hasNextPage endCursor } sources { problem { code } }
      } }`;
      const met: Met[] = [];
      for (let after: string | null = null, isLast = false; !isLast;) {
        const { data } = await session().endpoint.ask(query, { after });
        expect(data.tickets.sources).toEqual([{ problem: null }]);
        met.push(...data.tickets.nodes);
        after = data.tickets.pageInfo.endCursor;
        isLast = !data.tickets.pageInfo.hasNextPage;
        await between?.(met);
      }
      return met;
    };

    test('RT: a walk through the list meets every ticket exactly once, newest first', async () => {
      const { world, proxy } = session();
      const expected = await visibleTickets(world);
      const mark = proxy.ledger.length;
      const met = await walk();
      expect(sortedIds(met)).toEqual(expected);
      const times = met.map(({ createdAt }) => createdAt);
      expect(times).toEqual(times.toSorted().toReversed());
      // RT's own pages were crossed as well.
      expect(proxy.ledger.length - mark).toBeGreaterThan(3);
    });

    test('RT: a walk loses and repeats nothing while tickets are created and deleted', async () => {
      const { world } = session();
      const deleted = new Set<string>();
      const before = await visibleTickets(world);
      const met = await walk(async (soFar) => {
        await createTicket(world);
        // One that was met, so that all that are still to come move up.
        const gone = soFar.find(({ nativeId, queue }) => queue === 'Support' && !deleted.has(nativeId))?.nativeId;
        if (gone === undefined) return;
        deleted.add(gone);
        await world.send('gateway', 'PUT', `/ticket/${gone}`, { Status: 'deleted' });
      });
      expect(deleted.size).toBeGreaterThan(3);
      const ids = sortedIds(met);
      expect(ids).toEqual([...new Set(ids)]);
      expect(ids.filter((id) => before.includes(id))).toEqual(before);
    });

    test('RT: a total is exact if there is one', async () => {
      const { data } = await session().endpoint.ask('{ tickets(first: 7) { sources { totalCount } } }');
      expect(data.tickets.sources).toEqual([{ totalCount: countOf(await visibleTickets(session().world)) }]);
    });

    test('RT: signs in with an auth token', async () => {
      const { connect, world } = session();
      const owned = await createTicket(world, { fields: { Owner: 'gateway' } });
      const endpoint = await connect({ RT_USERNAME: '', RT_PASSWORD: '', RT_TOKEN: world.token });
      const { availableActions } = (await read(owned, ACTIONS, endpoint)) as { availableActions: Action[] };
      // RT is asked whose token it is.
      expect(availableActions.map(({ name }) => name)).toContain('untake');
    });

    test('RT: the list shows an account only what it may see', async () => {
      const reader = await session().connectAs('reader');
      const expected = await visibleTickets(session().world, 'reader');
      const query =
        '{ tickets(first: 200, patienceMs: 0) { nodes { ... on RtTicket { nativeId queue } } sources { totalCount } } }';
      const { data } = await reader.ask(query);
      const shown = data.tickets.nodes as { nativeId: string; queue: string }[];
      expect(sortedIds(shown)).toEqual(expected);
      expect(new Set(shown.map(({ queue }) => queue))).toEqual(new Set(['Support']));
      expect(data.tickets.sources).toEqual([{ totalCount: countOf(expected) }]);
    });

    test.each([
      ["it's", "it's 5"],
      ['50%', '50% off'],
      ['a_b', 'x a_b y'],
      ['back\\slash', 'a back\\slash'],
      // Letter case is ignored; beyond ASCII that depends on RT's database.
      ['STRASSE ä', 'Strasse ä'],
      ['"quoted"', 'a "quoted" word'],
    ])('RT: a search for %s finds the subject that has it, and no other', async (search, subject) => {
      const { world, endpoint } = session();
      const id = await createTicket(world, { subject });
      await createTicket(world, { subject: subject.replace(/[%_\\'"]/, 'Z') + ' decoy' });
      const query = `query ($search: String) { tickets(first: 50, filter: { search: $search }, patienceMs: 0) {
        nodes { ... on TicketFields { nativeId title } } sources { problem { code } } } }`;
      const { data } = await endpoint.ask(query, { search });
      expect(data.tickets.sources).toEqual([{ problem: null }]);
      const found = data.tickets.nodes as { nativeId: string; title: string }[];
      expect(found.map(({ nativeId }) => Number(nativeId))).toContain(id);
      for (const { title: one } of found) expect(one.toLowerCase()).toContain(search.toLowerCase());
    });

    test('RT: a filter by category lists the tickets of these statuses', async () => {
      const { world, endpoint } = session();
      const held = await createTicket(world, { path: ['stalled'] });
      const solved = await createTicket(world, { path: ['resolved'] });
      const query = `{ tickets(first: 200, filter: { categories: [ON_HOLD, SOLVED] }, patienceMs: 0) {
        nodes { ... on RtTicket { nativeId state } } } }`;
      const { data } = await endpoint.ask(query);
      const shown = data.tickets.nodes as { nativeId: string; state: string }[];
      expect(new Set(shown.map(({ state }) => state))).toEqual(new Set(['stalled', 'resolved']));
      expect(shown.map(({ nativeId }) => Number(nativeId))).toEqual(expect.arrayContaining([held, solved]));
    });

    test('RT: offers the actions that the lifecycle and the rights of the account admit', async () => {
      const { world, connectAs } = session();
      const support = await createTicket(world);
      const change = await createTicket(world, { queue: 'Changes' });
      const actionsOf = async (id: number, endpoint = session().endpoint): Promise<Action[]> =>
        (await read(id, ACTIONS, endpoint))['availableActions'] as Action[];
      const names = (actions: readonly Action[]): string[] => actions.map(({ name }) => name).toSorted();

      const stock = ['status.deleted', 'status.open', 'status.rejected', 'status.resolved'];
      expect(names(await actionsOf(support))).toEqual(['comment', 'correspond', ...stock, 'take']);
      const own = await actionsOf(change);
      expect(names(own)).toEqual(['comment', 'correspond', 'status.refused', 'status.review', 'take']);
      expect(own.find(({ name }) => name === 'status.review')).toMatchObject({ label: 'Ask for review' });

      // Labels are in the language of the account, names are not.
      const german = await actionsOf(support, await connectAs('german'));
      expect(names(german)).toEqual(['comment', 'correspond', ...stock, 'take']);
      expect(german.find(({ name }) => name === 'status.resolved')!.label).not.toBe('Resolve');

      // Nothing but what no link names, and RT decides.
      expect(names(await actionsOf(support, await connectAs('reader')))).toEqual(['take']);
      await moveTicket(world, support, 'resolved');
      expect(names(await actionsOf(support))).toEqual(['comment', 'correspond', 'status.open', 'take']);
    });

    test('RT: the owner decides between take, untake and steal', async () => {
      const { world } = session();
      const ownerActions = async (id: number): Promise<string[]> => {
        const { availableActions } = (await read(id, ACTIONS)) as { availableActions: Action[] };
        return availableActions.map(({ name }) => name).filter((name) => /take|steal/.test(name));
      };
      expect(await ownerActions(await createTicket(world))).toEqual(['take']);
      expect(await ownerActions(await createTicket(world, { fields: { Owner: 'gateway' } }))).toEqual(['untake']);
      expect(await ownerActions(await createTicket(world, { fields: { Owner: 'german' } }))).toEqual(['steal']);
    });

    test('RT: a page of tickets with their actions costs one request', async () => {
      const { proxy, endpoint } = session();
      const mark = proxy.ledger.length;
      const { data } = await endpoint.ask(`{ tickets(first: 20, patienceMs: 0) { nodes { ${ACTIONS} } } }`);
      expect(data.tickets.nodes).toHaveLength(20);
      expect(data.tickets.nodes[0].availableActions).not.toEqual([]);
      expect(proxy.ledger).toHaveLength(mark + 1);
    });
  });
}
