/** The pure parts of Akana: requests planned, answers read, sessions kept. No network. */
import { describe, expect, it, vi } from 'vitest';
import type { ExecuteActionInput, SetStatusInput } from '../../schema/__generated__/types.ts';
import { availableActions } from '../../datasources/akana/actions.ts';
import { createClient } from '../../datasources/akana/client.ts';
import { toFailure } from '../../datasources/akana/failure.ts';
import { akana } from '../../datasources/akana/index.ts';
import { toStatus, toTicket as toTicketOf } from '../../datasources/akana/mapping.ts';
import { createSignIn, type Credentials } from '../../datasources/akana/sign-in.ts';
import { isTicketId, parseTicket, parseTicketList } from '../../datasources/akana/wire.ts';
import { createWrites } from '../../datasources/akana/writes.ts';
import type {
  RequestScope,
  Environment,
  Planner,
  RejectedPlan,
  SettingsOf,
  Authenticator,
  Upstream,
  UpstreamAnswer,
  UpstreamRequest,
  Write,
} from '../../datasources/contract.ts';
import { Failure } from '../../datasources/vendor-kit/failure.ts';
import { toTarget } from '../../datasources/vendor-kit/request.ts';
import { readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import { toPlain } from '../../datasources/vendor-kit/lazy.ts';

/** A ticket of the default source. */
const toTicket = (wire: Parameters<typeof toTicketOf>[0]) => toTicketOf(wire, 'akana');

const TICKET = 'ticket25687.acmepaymentscorp';
const OTHER = '132f7a34-b71f-448f-9a49-6e8777de2b4c.acmepaymentscorp';
const call: RequestScope = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };

function answer(text: string, status = 200, headers: UpstreamAnswer['headers'] = {}): UpstreamAnswer {
  return { status, headers, text };
}

function json(value: unknown, status = 200): UpstreamAnswer {
  return answer(JSON.stringify(value), status, { 'content-type': 'application/json' });
}

/** An upstream that records what it is asked and answers in turn; a Failure among the answers is thrown. */
function fakeUpstream(...answers: (UpstreamAnswer | Failure)[]): Upstream & { asked: UpstreamRequest[] } {
  const asked: UpstreamRequest[] = [];
  return {
    asked,
    async read(request) {
      asked.push(request);
      const next = answers.shift();
      if (!next) throw new Error(`Unexpected: ${request.method} ${toTarget(request)}`);
      if (next instanceof Failure) throw next;
      return next;
    },
  };
}

const idle = createWrites(createClient(fakeUpstream()), 'text');

function plan(
  input: Partial<ExecuteActionInput> & { action: string },
  nativeIds: readonly string[] = [TICKET],
  writes = idle,
): readonly (Write | RejectedPlan)[] {
  const planner = writes.executeAction as Planner<ExecuteActionInput>;
  return planner({ ticketId: `akana:${nativeIds[0]}`, ...input }, nativeIds, call);
}

function planStatus(
  input: Pick<SetStatusInput, 'status' | 'comment'>,
  nativeIds: readonly string[] = [TICKET],
  writes = idle,
): readonly (Write | RejectedPlan)[] {
  const ticketIds = nativeIds.map((id) => `akana:${id}`);
  return (writes.setStatus as Planner<SetStatusInput>)({ ticketIds, ...input }, nativeIds, call);
}

function asWrite(planned: Write | RejectedPlan | undefined): Write {
  if (!planned || !('request' in planned)) throw new Error(`Expected a write, got ${JSON.stringify(planned)}`);
  return planned;
}

function rejectionOf(planned: readonly (Write | RejectedPlan)[]): RejectedPlan['failure'] {
  const [only, ...rest] = planned;
  if (!only || !('failure' in only) || rest.length > 0) throw new Error('Expected one rejection.');
  return only.failure;
}

describe('executeAction', () => {
  it('executeAction sends the documented request', () => {
    const [write] = plan({ action: 'ticket.action.resolve', comment: 'Bug is fixed. Resolving this ticket.' });
    expect(asWrite(write).targets).toEqual([TICKET]);
    expect(asWrite(write).request).toEqual({
      method: 'POST',
      path: '/api/tickets/ticket25687.acmepaymentscorp/actions',
      headers: { accept: '*/*', 'content-type': 'application/json' },
      body: '{"ActionName":"ticket.action.resolve","Comments":"Bug is fixed. Resolving this ticket."}',
    });
  });

  it.each([undefined, null, ''])('executeAction sends no Comments for the comment %j', (comment) => {
    const [write] = plan({ action: 'ticket.action.close', ...(comment !== undefined && { comment }) });
    expect(asWrite(write).request.body).toBe('{"ActionName":"ticket.action.close"}');
  });

  it('executeAction keeps every character of a comment in JSON', () => {
    const comment = 'quote " backslash \\ line\nbreak, ünï, {"ActionName":"ticket.action.close"}';
    const [write] = plan({ action: 'ticket.action.resolve', comment });
    const body: unknown = JSON.parse(asWrite(write).request.body!);
    expect(body).toEqual({ ActionName: 'ticket.action.resolve', Comments: comment });
  });

  it('executeAction sends the comment as a list if configured, and omits a missing comment', () => {
    const asList = createWrites(createClient(fakeUpstream()), 'list');
    const bodyOf = (comment: string | null) =>
      asWrite(plan({ action: 'ticket.action.close', comment }, [TICKET], asList)[0]).request.body;
    expect(bodyOf('Fixed.')).toBe('{"ActionName":"ticket.action.close","Comments":["Fixed."]}');
    expect(bodyOf(null)).toBe('{"ActionName":"ticket.action.close"}');
    expect(bodyOf('')).toBe('{"ActionName":"ticket.action.close"}');
    const [write] = planStatus({ status: 'SOLVED', comment: 'Done.' }, [TICKET], asList);
    expect(JSON.parse(asWrite(write).request.body!)).toMatchObject({ Comments: ['Done.'] });
  });

  it.each(['ticket.action.review', '@modify', 'Zurück an Absender', 'x', 'é'.repeat(255), '🎫'.repeat(300)])(
    'accepts any printable action name: %s',
    (action) => {
      const [write] = plan({ action });
      expect(JSON.parse(asWrite(write).request.body!)).toEqual({ ActionName: action });
    },
  );

  it.each(['', ' ', '   ', '\u00a0', 'a\nb', 'a\u0000', 'tab\t', 'a\u2028b', 'a\u202eb', 'a\u200bb', '\ud800'])(
    'rejects the action name %j before sending',
    (action) => {
      expect(rejectionOf(plan({ action }))).toMatchObject({ kind: 'invalid-input', field: ['action'] });
    },
  );

  it('executeAction rejects all inputs by name', () => {
    const failure = rejectionOf(plan({ action: 'ticket.action.close', inputs: { groupId: '7' } }));
    expect(failure).toMatchObject({ kind: 'invalid-input', field: ['inputs', 'groupId'] });
  });

  it('executeAction treats empty inputs as none', () => {
    expect(plan({ action: 'ticket.action.close', inputs: {} }).map(asWrite)).toHaveLength(1);
  });

  it('requires a read before a 404 for an action counts as a missing ticket', () => {
    expect(asWrite(plan({ action: 'ticket.action.close' })[0]).kindIfTicketExists).toBe('rejected');
  });
});

describe('response to an action', () => {
  const { interpret } = asWrite(plan({ action: 'ticket.action.resolve' })[0]);

  it.each([
    ['RESOLVED', 'RESOLVED', 'SOLVED'],
    ['  RESOLVED\r\n', 'RESOLVED', 'SOLVED'],
    ['"RESOLVED"', 'RESOLVED', 'SOLVED'],
    ['Closed', 'Closed', 'CLOSED'],
    ['REOPEN', 'REOPEN', 'OPEN'],
    ['In Review', 'In Review', null],
    ['state_1.2-b', 'state_1.2-b', null],
    ['a'.repeat(64), 'a'.repeat(64), null],
  ])('accepts an action with the state in the body %j', (text, state, category) => {
    const to = { category, raw: state };
    expect(interpret(answer(text, 200, { 'content-type': 'text/plain;charset=UTF-8' }))).toMatchObject({
      kind: 'accepted',
      transition: { __typename: 'ActionTransition', action: 'ticket.action.resolve', state, to },
    });
  });

  it('does not accept an action with another status than 200', () => {
    expect(interpret(answer('RESOLVED', 201)).kind).toBe('inconclusive');
    expect(interpret(answer('RESOLVED', 202)).kind).toBe('inconclusive');
  });

  it.each([
    ['', 200],
    ['  \n', 200],
    ['', 204],
    ['<html><body>Sign in</body></html>', 200],
    ['{"State":"RESOLVED"}', 200],
    ['["RESOLVED"]', 200],
    ['"RESOLVED', 200],
    ['""', 200],
    ['" "', 200],
    ['"<b>"', 200],
    ['a'.repeat(65), 200],
    ['RESOLVED; DROP', 200],
    ['RESOLVED\nCLOSED', 200],
    ['RÉSOLU', 200],
    ['RESOLVED', 302],
    ['RESOLVED', 304],
  ])('is inconclusive for the body %j with status %i', (text, status) => {
    expect(interpret(answer(text, status)).kind).toBe('inconclusive');
  });

  it.each(['text/html', 'text/html; charset=utf-8', 'application/xhtml+xml', 'application/xml'])(
    'is inconclusive for the content type %s',
    (type) => {
      const result = interpret(answer('RESOLVED', 200, { 'content-type': type }));
      expect(result).toEqual({ kind: 'inconclusive', why: `the body is ${type.split(';')[0]}` });
    },
  );
});

describe('setStatus', () => {
  it.each([
    ['SOLVED', 'ticket.action.resolve', 'RESOLVED'],
    ['CLOSED', 'ticket.action.close', 'CLOSED'],
  ] as const)('setStatus maps %s to the action %s', (status, action, state) => {
    const write = asWrite(planStatus({ status, comment: 'Done' })[0]);
    expect(write.request.body).toBe(`{"ActionName":"${action}","Comments":"Done"}`);
    expect(write.interpret(answer(state))).toEqual({
      kind: 'accepted',
      transition: { __typename: 'StatusTransition', action, to: toStatus(state) },
    });
    expect(toStatus(state).category).toBe(status);
  });

  it('setStatus plans one write per ticket', () => {
    const writes = planStatus({ status: 'CLOSED' }, [TICKET, OTHER]).map(asWrite);
    expect(writes.map(({ targets }) => targets)).toEqual([[TICKET], [OTHER]]);
    expect(writes.map(({ request }) => request.path)).toEqual([
      `/api/tickets/${TICKET}/actions`,
      `/api/tickets/${OTHER}/actions`,
    ]);
    expect(writes[0]!.request.body).toBe('{"ActionName":"ticket.action.close"}');
  });

  it.each(['NEW', 'OPEN', 'PENDING', 'ON_HOLD', 'CANCELLED'] as const)(
    'setStatus rejects %s for all tickets, and names executeAction',
    (status) => {
      const planned = planStatus({ status }, [TICKET, OTHER]);
      expect(planned[0]!.targets).toEqual([TICKET, OTHER]);
      const failure = rejectionOf(planned);
      expect(failure).toMatchObject({ kind: 'unsupported', field: ['status'] });
      expect(failure.message).toContain('executeAction');
    },
  );
});

describe('verification after an unknown outcome', () => {
  const settleWith = async (action: string, state: unknown) => {
    const upstream = fakeUpstream(json({ TicketID: TICKET, State: state }));
    const [write] = plan({ action }, [TICKET], createWrites(createClient(upstream), 'text'));
    const found = await asWrite(write).verify!(TICKET, call);
    expect(upstream.asked.map(toTarget)).toEqual([`/api/tickets/${TICKET}`]);
    return found;
  };

  it.each([
    ['ticket.action.resolve', 'RESOLVED', 'SOLVED'],
    ['ticket.action.resolve', 'Resolved', 'SOLVED'],
    ['ticket.action.close', 'CLOSED', 'CLOSED'],
  ])('verifies %s by a ticket in state %s', async (action, state, category) => {
    const to = { __typename: 'TicketStatus', category, raw: state };
    expect(await settleWith(action, state)).toEqual({
      transition: { __typename: 'ActionTransition', action, to, state },
    });
  });

  it.each([
    ['ticket.action.resolve', 'OPEN'],
    ['ticket.action.resolve', 'CLOSED'],
    ['ticket.action.close', 'RESOLVED'],
    ['ticket.action.close', undefined],
  ])('does not verify %s by a ticket in state %s', async (action, state) => {
    expect(await settleWith(action, state)).toBeUndefined();
  });

  it('does not verify an action if the ticket is not visible', async () => {
    const upstream = fakeUpstream(json({}));
    const [write] = planStatus({ status: 'CLOSED' }, [TICKET], createWrites(createClient(upstream), 'text'));
    expect(await asWrite(write).verify!(TICKET, call)).toBeUndefined();
  });

  it('verifies setStatus with a StatusTransition', async () => {
    const upstream = fakeUpstream(json({ TicketID: TICKET, State: 'CLOSED' }));
    const [write] = planStatus({ status: 'CLOSED' }, [TICKET], createWrites(createClient(upstream), 'text'));
    expect(await asWrite(write).verify!(TICKET, call)).toMatchObject({
      transition: { __typename: 'StatusTransition' },
    });
  });

  it('never verifies an action with an unknown resulting state', () => {
    expect(asWrite(plan({ action: 'ticket.action.review' })[0]).verify).toBeUndefined();
    expect(asWrite(plan({ action: 'TICKET.ACTION.REVIEW' })[0]).verify).toBeUndefined();
  });

  it('recognizes its two actions in any case, and sends all others unchanged', () => {
    const bodyOf = (action: string) => asWrite(plan({ action })[0]).request.body;
    expect(bodyOf('TICKET.Action.CLOSE')).toBe('{"ActionName":"ticket.action.close"}');
    expect(bodyOf('Ticket.action.Resolve')).toBe('{"ActionName":"ticket.action.resolve"}');
    expect(bodyOf('TICKET.ACTION.REVIEW')).toBe('{"ActionName":"TICKET.ACTION.REVIEW"}');
    const result = asWrite(plan({ action: 'TICKET.ACTION.CLOSE' })[0]).interpret(answer('CLOSED'));
    expect(result).toMatchObject({ kind: 'accepted', transition: { action: 'ticket.action.close' } });
  });
});

describe('Akana ticket', () => {
  const full = {
    TicketID: OTHER,
    APIID: 'api1.acme',
    AppID: 'app1.acme',
    Title: 'Timeouts',
    Description: '<p>slow</p>',
    Environment: 'Sandbox',
    State: 'REOPEN',
    UserID: 'user1.acme',
    UserName: 'jane',
    Created: '2024-03-05T12:15:30.5+02:00',
    Label: ['com.soa.ticket.label.priority.high'],
    Tag: ['quotes'],
    Comments: 3,
    Marks: 0,
    IsMarked: false,
    Visibility: 'Limited',
  };

  it('maps every documented field of a ticket', () => {
    expect(toPlain(toTicket(parseTicket(json(full), OTHER)!))).toEqual({
      __typename: 'AkanaTicket',
      id: `akana:${OTHER}`,
      vendor: 'AKANA',
      nativeId: OTHER,
      reference: OTHER,
      title: 'Timeouts',
      status: { __typename: 'TicketStatus', category: 'OPEN', raw: 'REOPEN' },
      createdAt: '2024-03-05T10:15:30.500Z',
      updatedAt: null,
      apiId: 'api1.acme',
      appId: 'app1.acme',
      description: '<p>slow</p>',
      environment: 'Sandbox',
      state: 'REOPEN',
      authorId: 'user1.acme',
      authorName: 'jane',
      labels: ['com.soa.ticket.label.priority.high'],
      tags: ['quotes'],
      commentCount: 3,
      markCount: 0,
      isMarked: false,
      visibility: 'Limited',
    });
  });

  it('maps a ticket without permission to nulls and the requested id', () => {
    const ticket = toTicket(parseTicket(json({ State: 'OPEN' }), TICKET)!);
    expect(ticket).toMatchObject({ nativeId: TICKET, title: null, createdAt: null, labels: null, commentCount: null });
    expect(toTicket(parseTicket(json({ Title: 'x' }), TICKET)!)).toMatchObject({
      state: null,
      status: { category: null, raw: '' },
    });
  });

  it('tolerates fields of other types', () => {
    const lists = { Label: 'one', Tag: [1, null, 'two'], Comments: ['a'] };
    const others = { Marks: '4', IsMarked: 'true', Created: 1709633730500, Title: 7, State: {} };
    expect(toTicket(parseTicket(json({ ...lists, ...others }), TICKET)!)).toMatchObject({
      labels: ['one'],
      tags: ['1', 'two'],
      commentCount: null,
      markCount: 4,
      isMarked: true,
      createdAt: '2024-03-05T10:15:30.500Z',
      title: '7',
      state: null,
    });
  });

  it('reads a ticket within a Ticket envelope', () => {
    expect(parseTicket(json({ Ticket: full }), OTHER)?.Title).toBe('Timeouts');
  });

  it("uses the ticket's own id only if it is valid", () => {
    expect(parseTicket(json({ TicketID: '../x', State: 'OPEN' }), TICKET)?.TicketID).toBe(TICKET);
  });

  it('finds no ticket in an empty response, as for an account without permission', () => {
    expect(parseTicket(json({}), TICKET)).toBeUndefined();
    expect(parseTicket(answer('', 204), TICKET)).toBeUndefined();
  });

  it.each(['', '<html></html>', '7', '"x"', '{"error":"x"}', '{"Ticket":"x"}', '[{"State":"OPEN"},{"State":"OPEN"}]'])(
    'rejects %j as a list',
    (text) => {
      expect(() => parseTicket(answer(text), TICKET)).toThrow(Failure);
    },
  );

  it.each(['[]', 'null', '{"Ticket":null}', '{"Ticket":[]}', '{"Ticket":{}}'])('finds no ticket in %j', (text) => {
    expect(parseTicket(answer(text), TICKET)).toBeUndefined();
  });

  it.each([[full], { 0: full }, { Ticket: [full] }, { Ticket: { 0: full } }])(
    'reads a ticket from a list of one',
    (body) => {
      expect(parseTicket(json(body), OTHER)?.Title).toBe('Timeouts');
    },
  );

  it.each([
    ['OPEN', 'OPEN'],
    ['open', 'OPEN'],
    ['Reopened', 'OPEN'],
    ['REOPEN', 'OPEN'],
    ['Resolved', 'SOLVED'],
    ['CLOSED ', 'CLOSED'],
    ['Escalated', null],
    ['', null],
    ['constructor', null],
    ['__proto__', null],
  ])('maps the state %j to the category %s, and keeps the raw state', (state, category) => {
    expect(toStatus(state)).toMatchObject({ category, raw: state });
  });

  it.each([
    ['Sat, 09 Mar 2024 08:00:00 +0100', '2024-03-09T07:00:00.000Z'],
    ['9 Mar 2024 08:00 GMT', '2024-03-09T08:00:00.000Z'],
    ['2024-03-09T08:00:00', '2024-03-09T08:00:00.000Z'],
    ['yesterday', null],
    ['2024', null],
    ['Sat, 99 Mar 2024 08:00:00 GMT', null],
  ])('reads the creation time %j as %s', (created, instant) => {
    const wire = parseTicket(json({ TicketID: TICKET, Created: created }), TICKET)!;
    expect(toTicket(wire).createdAt).toBe(instant);
  });

  it.each([
    ['OPEN', ['ticket.action.resolve', 'ticket.action.close']],
    ['REOPEN', ['ticket.action.resolve', 'ticket.action.close']],
    ['RESOLVED', ['ticket.action.close']],
    ['CLOSED', []],
    ['Escalated', []],
  ])('offers a ticket in state %s the actions %j', (State, names) => {
    const actions = availableActions(toTicket(parseTicket(json({ TicketID: TICKET, State }), TICKET)!));
    expect(actions.map(({ name }) => name)).toEqual(names);
  });

  it("exposes only the schema's fields of an action", () => {
    const [, close] = availableActions(toTicket(parseTicket(json({ TicketID: TICKET, State: 'OPEN' }), TICKET)!));
    expect(close).toEqual({
      __typename: 'AkanaAction',
      name: 'ticket.action.close',
      label: 'Close',
      mutation: 'executeAction',
      inputs: [],
      resultingCategory: 'CLOSED',
    });
  });
});

describe('ticket id', () => {
  it.each([TICKET, OTHER, 'a.b', 'a.b.c_d-e', `${'a'.repeat(64)}.${'b'.repeat(63)}`])(
    'accepts the ticket id %s',
    (id) => {
      expect(isTicketId(id)).toBe(true);
      expect(akana.isReference(id)).toBe(true);
      expect(akana.nativeId.pattern.test(id) && id.length <= akana.nativeId.maximumLength).toBe(true);
    },
  );

  it.each([
    ...['', '.', '..', '../x', 'a/b', 'a.b/..', 'a.b/c.d', 'a.b?x=1', 'a.b#', 'a.b%2f', 'a..b', '.a', 'a.', 'ticket1'],
    ...['a b.c', 'a.b\n', '\na.b', 'a.b\u0000', 'ticket٣.acme', 'tické.acme', 'a.b;c', 'a\\b.c'],
    `${'a'.repeat(64)}.${'b'.repeat(64)}`,
  ])('rejects the ticket id %j', (id) => {
    expect(isTicketId(id)).toBe(false);
    expect(akana.isReference(id)).toBe(false);
  });

  it('has an example id that matches the pattern', () => {
    expect(isTicketId(akana.nativeId.example)).toBe(true);
  });
});

describe('ticket list', () => {
  const one = { TicketID: TICKET, Title: 'One', State: 'OPEN' };
  const two = { TicketID: OTHER, Title: 'Two' };

  it.each([
    ['{Tickets: {Ticket: […]}}', { Tickets: { Ticket: [one, two] } }, [TICKET, OTHER]],
    ['{Tickets: {Ticket: {…}}}', { Tickets: { Ticket: one } }, [TICKET]],
    ['{Ticket: […]}', { Ticket: [one, two] }, [TICKET, OTHER]],
    ['{Ticket: {…}}', { Ticket: two }, [OTHER]],
    ['{channel: {item: […]}}', { channel: { version: '1.0', item: [one, { guid: OTHER }] } }, [TICKET, OTHER]],
    ['{channel: {item: {…}}}', { channel: { item: { guid: { value: TICKET } } } }, [TICKET]],
    ['{channel: {}}', { channel: { title: 'x' } }, []],
    ['{Tickets: {}}', { Tickets: {} }, []],
    ['{Tickets: ""}', { Tickets: '' }, []],
    ['{Tickets: null}', { Tickets: null }, []],
    ['{Ticket: []}', { Ticket: [] }, []],
    ['{Ticket: ""}', { Ticket: '' }, []],
    ['{Ticket: null}', { Ticket: null }, []],
    ['{channel: {item: {}}}', { channel: { item: {} } }, []],
    ['{}', {}, []],
    ['[]', [], []],
    ['null', null, []],
    ['[…]', [one, two], [TICKET, OTHER]],
    ['{Tickets: […]}', { Tickets: [one, two] }, [TICKET, OTHER]],
    ['{Ticket: {"0": …, "2": …}}', { Ticket: { 0: one, 2: two } }, [TICKET, OTHER]],
    ['{Tickets: {"0": …, "2": …}}', { Tickets: { 0: one, 2: two } }, [TICKET, OTHER]],
    ['{Tickets: {…}}', { Tickets: one }, [TICKET]],
  ])('reads a list from %s', (_, body, ids) => {
    const list = parseTicketList(json(body));
    expect(list.tickets.map(({ TicketID }) => TicketID)).toEqual(ids);
    expect(list.total).toBeNull();
  });

  it('maps the fields of an RSS item to a ticket', () => {
    const item = { guid: TICKET, title: 'One', description: 'Text', pubDate: 'Sat, 09 Mar 2024 08:00:00 GMT' };
    const [wire] = parseTicketList(json({ channel: { item } })).tickets;
    expect(toTicket(wire!)).toMatchObject({ title: 'One', description: 'Text', createdAt: '2024-03-09T08:00:00.000Z' });
  });

  it('skips list entries without a valid id', () => {
    const list = parseTicketList(json({ Ticket: [{ Title: 'x' }, { TicketID: '../x' }, 'x', null, one] }));
    expect(list.tickets.map(({ TicketID }) => TicketID)).toEqual([TICKET]);
  });

  it('reads the total from the envelope', () => {
    expect(parseTicketList(json({ Tickets: { Ticket: one, TotalCount: '7' } })).total).toBe(7);
    expect(parseTicketList(json({ channel: { item: one, 'openSearch:totalResults': 8 } })).total).toBe(8);
    expect(parseTicketList(json({ Tickets: { Ticket: one, count: 1, total: -1 } })).total).toBeNull();
  });

  it('reads an empty list from a 204', () => {
    expect(parseTicketList(answer('', 204))).toEqual({ tickets: [], rowCount: 0, total: null });
  });

  it.each([
    ...['', '<rss/>', '7', '"x"', '{"error":"x"}', '{"Ticket":"x"}', '{"Ticket":7}'],
    ...['{"channel":"x"}', '{"Tickets":"x"}', '{"Ticket":{"Title":"x"}}'],
  ])('rejects %j as a list', (text) => {
    expect(() => parseTicketList(answer(text))).toThrow(Failure);
  });

  it('counts unreadable entries, and keeps the positions of the others', () => {
    const { tickets, ...places } = parseTicketList(json({ Ticket: [null, one, { Title: 'x' }, one] }));
    expect(tickets).toHaveLength(2);
    expect(places).toEqual({ rowCount: 4, rowIndexes: [1, 3], total: null });
    expect(parseTicketList(json({ Ticket: [{ Title: 'x' }] }))).toMatchObject({ tickets: [], rowCount: 1 });
  });

  const connect = (...answers: UpstreamAnswer[]) => {
    const upstream = fakeUpstream(...answers);
    const source = akana.connect(settings({ AUTH_TOKEN: 'token' }), {
      sourceKey: 'akana',
      connect: () => upstream,
      now: () => 0,
    });
    return { upstream, list: source.list!.bind(source) };
  };

  it('requests a list with count, with start for later pages only, and without the filter', async () => {
    const { upstream, list } = connect(json({}), json({}));
    await list({ offset: 0, limit: 25, filter: { search: 'x', categories: ['OPEN'] } }, call);
    const page = await list({ offset: 50, limit: 100, filter: {} }, call);
    expect(upstream.asked.map(toTarget)).toEqual(['/api/tickets?count=25', '/api/tickets?count=100&start=50']);
    expect(upstream.asked[0]!.headers).toEqual({ accept: 'application/vnd.soa.v81+json' });
    expect(page).toEqual({ tickets: [], rowCount: 0, totalCount: null, unapplied: ['search', 'categories'] });
  });

  it('requests one ticket for the count alone, since a count of 0 is not documented', async () => {
    const { upstream, list } = connect(json({ Tickets: { Ticket: one, total: 9 } }));
    const page = await list({ offset: 0, limit: 0, filter: {} }, call);
    expect(upstream.asked.map(toTarget)).toEqual(['/api/tickets?count=1']);
    expect(page).toMatchObject({ rowCount: 1, totalCount: 9 });
  });

  it('returns an empty list without a call if no category can match', async () => {
    const { upstream, list } = connect();
    const page = await list({ offset: 0, limit: 25, filter: { categories: ['PENDING', 'CANCELLED'] } }, call);
    expect(page).toEqual({ tickets: [], rowCount: 0, totalCount: 0, unapplied: [], isWhole: true });
    expect(upstream.asked).toEqual([]);
  });

  it('fails with protocol if a list cannot be parsed', async () => {
    const { list } = connect(answer('<html>', 200));
    await expect(list({ offset: 0, limit: 1, filter: {} }, call)).rejects.toMatchObject({ kind: 'protocol' });
  });
});

describe('findTicket', () => {
  const connect = (...answers: (UpstreamAnswer | Failure)[]) => {
    const upstream = fakeUpstream(...answers);
    const source = akana.connect(settings({ AUTH_TOKEN: 'token' }), {
      sourceKey: 'akana',
      connect: () => upstream,
      now: () => 0,
    });
    return { upstream, source };
  };

  it('finds a ticket with plain JSON, both by id and by reference', async () => {
    const { upstream, source } = connect(json({ TicketID: TICKET }), json({ TicketID: TICKET }));
    expect((await source.find(TICKET, call))?.id).toBe(`akana:${TICKET}`);
    expect((await source.findByReference!(TICKET, call))?.id).toBe(`akana:${TICKET}`);
    const request = { method: 'GET', path: `/api/tickets/${TICKET}`, headers: { accept: 'application/json' } };
    expect(upstream.asked).toEqual([request, request]);
  });

  it('finds no ticket after a 404, and fails after any other error', async () => {
    const { source } = connect(new Failure({ kind: 'not-found' }), new Failure({ kind: 'forbidden' }));
    expect(await source.find(TICKET, call)).toBeUndefined();
    await expect(source.find(TICKET, call)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('Akana errors', () => {
  it.each([
    [400, 'rejected'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [405, 'rejected'],
    [429, 'rate-limited'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('maps status %i to %s', (status, kind) => {
    expect(toFailure(answer('', status)).kind).toBe(kind);
  });

  it.each(['secret stack', '{"faultstring":"secret"}', '<Fault>secret</Fault>'])(
    'exposes nothing of an undocumented body: %s',
    (text) => {
      for (const status of [400, 401, 403, 404, 500]) {
        expect(JSON.stringify(toFailure(answer(text, status)))).not.toContain('secret');
      }
    },
  );

  it('explains each error status', () => {
    expect(toFailure(answer('', 401)).message).toContain('CSRF');
    expect(toFailure(answer('', 403)).message).toContain('admin');
    expect(toFailure(answer('', 404)).message).toBeUndefined();
  });
});

const TOKEN = 'TokenID%3D588ed75a%2CUserFDN%3D8697a0a0%252Eacme%2Csig%3DEq-4_39';
const CSRF = 'TokenID%3D8ed70a13%2CexpirationTime%3D1531';
const USER = { username: 'desk', password: 'pa"ss' };
const MINUTE = 60_000;

function session(token: string, csrf?: string): UpstreamAnswer {
  const cookies = [`AtmoAuthToken_acme=${token}; Path=/; Secure; HttpOnly`];
  if (csrf !== undefined) cookies.push(`Csrf-Token_acme=${csrf}; Path=/`);
  return answer('{}', 200, { 'set-cookie': ['JSESSIONID=1; Path=/', ...cookies] });
}

function signInWith(credentials: Credentials, ...answers: (UpstreamAnswer | Failure)[]) {
  const upstream = fakeUpstream(...answers);
  const clock = { now: 1_000_000 };
  const signIn = createSignIn('acme', credentials, upstream, () => clock.now);
  return { upstream, clock, signIn, sign: async () => signIn.authorize(call) };
}

const paths = (upstream: { asked: UpstreamRequest[] }): string[] => upstream.asked.map(({ path }) => path);

describe('sign-in', () => {
  it('signs in with name and password as JSON, without a session', async () => {
    const { upstream, sign } = signInWith(USER, session(TOKEN));
    await sign();
    expect(upstream.asked).toEqual([
      {
        method: 'POST',
        path: '/api/login',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: '{"username":"desk","password":"pa\\"ss"}',
      },
    ]);
  });

  it('sends both cookies and the CSRF header on every request, with their percent-encoding', async () => {
    const { sign } = signInWith(USER, session(TOKEN, CSRF));
    expect(await sign()).toEqual({
      headers: {
        cookie: `AtmoAuthToken_acme=${TOKEN}; Csrf-Token_acme=${CSRF}`,
        'X-Csrf-Token_acme': CSRF,
      },
    });
  });

  it('sends no CSRF header if the platform returns no value', async () => {
    const { sign } = signInWith(USER, session(TOKEN));
    expect((await sign()).headers).toEqual({ cookie: `AtmoAuthToken_acme=${TOKEN}` });
  });

  it('reads a single Set-Cookie line', async () => {
    const { sign } = signInWith(USER, answer('', 200, { 'set-cookie': `AtmoAuthToken_acme=${TOKEN}` }));
    expect((await sign()).headers!['cookie']).toBe(`AtmoAuthToken_acme=${TOKEN}`);
  });

  it("uses the session for the API's path, even if another path's is cleared", async () => {
    const lines = [
      `AtmoAuthToken_acme=${TOKEN}; Path=/; Secure; HttpOnly`,
      `Csrf-Token_acme=${CSRF}; path=/`,
      'AtmoAuthToken_acme=; Path=/atmosphere; Max-Age=0',
      'Csrf-Token_acme=; Path=/atmosphere; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'AtmoAuthToken_acme=admin; Path=/admin',
    ];
    const { sign } = signInWith(USER, answer('{}', 200, { 'set-cookie': lines }));
    expect((await sign()).headers!['cookie']).toBe(`AtmoAuthToken_acme=${TOKEN}; Csrf-Token_acme=${CSRF}`);
  });

  it('accepts a session cookie for the public host if AKANA_URL has another', async () => {
    const lines = [
      `AtmoAuthToken_acme=${TOKEN}; Path=/; Domain=.public.example`,
      `Csrf-Token_acme=${CSRF}; Path=/; Domain=public.example`,
    ];
    const { sign } = signInWith(USER, answer('{}', 200, { 'set-cookie': lines }));
    expect((await sign()).headers!['cookie']).toBe(`AtmoAuthToken_acme=${TOKEN}; Csrf-Token_acme=${CSRF}`);
  });

  it.each([
    ['cleared', ['AtmoAuthToken_acme=x; Path=/', 'AtmoAuthToken_acme=; Path=/; Max-Age=0']],
    ['of another path', ['AtmoAuthToken_acme=x; Path=/atmosphere']],
  ])('finds no session if the cookie is %s', async (_, lines) => {
    const { sign } = signInWith(USER, answer('{}', 200, { 'set-cookie': lines }));
    await expect(sign()).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('signs in once for all waiting calls, and not again while the session is new', async () => {
    const { upstream, sign, clock } = signInWith(USER, session(TOKEN));
    const signed = await Promise.all([sign(), sign(), sign()]);
    clock.now += 20 * MINUTE - 1;
    signed.push(await sign());
    expect(paths(upstream)).toEqual(['/api/login']);
    expect(new Set(signed).size).toBe(1);
  });

  it.each([
    ['no cookies', answer('{"pendingTasks":["change.password"]}')],
    ['the cookie of another tenant', answer('', 200, { 'set-cookie': ['AtmoAuthToken_other=x'] })],
    ['an empty cookie', session('')],
    ['a cookie that no header can carry', session('a b')],
  ])('fails with unauthenticated if the sign-in response has %s', async (_, given) => {
    const { sign } = signInWith(USER, given);
    const error = await sign().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'unauthenticated' });
    expect((error as Failure).message).toContain('a task may be pending');
    expect(JSON.stringify((error as Failure).details)).not.toContain('pa"ss');
  });

  it.each(['unauthenticated', 'not-found', 'rejected', 'forbidden', 'protocol'] as const)(
    'maps a sign-in error %s to unauthenticated, never to a missing ticket',
    async (kind) => {
      const { sign } = signInWith(USER, new Failure({ kind, upstreamStatus: 404 }));
      await expect(sign()).rejects.toMatchObject({
        details: { kind: 'unauthenticated', upstreamStatus: 404, message: expect.stringContaining('AKANA_PASSWORD') },
      });
    },
  );

  it.each(['unavailable', 'timeout', 'overloaded', 'rate-limited'] as const)(
    'keeps the kind of a transient sign-in error: %s',
    async (kind) => {
      const { sign } = signInWith(USER, new Failure({ kind }));
      await expect(sign()).rejects.toMatchObject({ kind });
    },
  );

  it('repeats the sign-in after a failure', async () => {
    const { sign } = signInWith(USER, new Failure({ kind: 'unavailable' }), session(TOKEN));
    await expect(sign()).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await sign()).headers!['cookie']).toContain(TOKEN);
  });
});

describe('token renewal', () => {
  it('renews a session after 20 minutes, and keeps its CSRF value', async () => {
    const { upstream, clock, sign } = signInWith(USER, session(TOKEN, CSRF), session('second'));
    await sign();
    clock.now += 20 * MINUTE;
    const { headers } = await sign();
    expect(upstream.asked[1]).toEqual({
      method: 'POST',
      path: '/api/login/renewToken',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        cookie: `AtmoAuthToken_acme=${TOKEN}; Csrf-Token_acme=${CSRF}`,
        'X-Csrf-Token_acme': CSRF,
      },
      secrets: ['cookie', 'X-Csrf-Token_acme'],
    });
    expect(headers!['cookie']).toBe(`AtmoAuthToken_acme=second; Csrf-Token_acme=${CSRF}`);
  });

  it('uses a CSRF value sent with the renewed token', async () => {
    const { clock, sign } = signInWith(USER, session(TOKEN, CSRF), session('second', 'new'));
    await sign();
    clock.now += 20 * MINUTE;
    expect((await sign()).headers!['X-Csrf-Token_acme']).toBe('new');
  });

  it.each([
    ['is rejected', new Failure({ kind: 'unauthenticated' })],
    ['brings no token', answer('{}')],
  ])('signs in again if the renewal %s', async (_, given) => {
    const { upstream, clock, sign } = signInWith(USER, session(TOKEN), given, session('third'));
    await sign();
    clock.now += 25 * MINUTE;
    expect((await sign()).headers!['cookie']).toBe('AtmoAuthToken_acme=third');
    expect(paths(upstream)).toEqual(['/api/login', '/api/login/renewToken', '/api/login']);
  });

  it('does not hide an unexpected error behind a new sign-in', async () => {
    const { upstream, clock, signIn, sign } = signInWith(USER, session(TOKEN));
    await sign();
    clock.now += 25 * MINUTE;
    vi.spyOn(upstream, 'read').mockRejectedValueOnce(new TypeError('ours'));
    await expect(async () => signIn.authorize(call)).rejects.toThrow('ours');
  });

  it('signs in again after 30 minutes, when the session has expired', async () => {
    const { upstream, clock, sign } = signInWith(USER, session(TOKEN), session('second'));
    await sign();
    clock.now += 30 * MINUTE;
    await sign();
    expect(paths(upstream)).toEqual(['/api/login', '/api/login']);
  });

  it('signs in once after a 401, however many calls were rejected', async () => {
    const { upstream, signIn, sign } = signInWith(USER, session(TOKEN), session('second'));
    const rejected = await sign();
    expect(signIn.invalidate!(rejected)).toBe(true);
    const renewed = await sign();
    expect(signIn.invalidate!(rejected)).toBe(true);
    expect(await sign()).toBe(renewed);
    expect(renewed.headers!['cookie']).toBe('AtmoAuthToken_acme=second');
    expect(paths(upstream)).toEqual(['/api/login', '/api/login']);
  });
});

describe('configured session', () => {
  const given = { token: TOKEN, csrf: CSRF };

  it('uses a configured session without a call', async () => {
    const { upstream, sign } = signInWith(given);
    expect((await sign()).headers).toMatchObject({
      cookie: `AtmoAuthToken_acme=${TOKEN}; Csrf-Token_acme=${CSRF}`,
      'X-Csrf-Token_acme': CSRF,
    });
    expect(upstream.asked).toEqual([]);
  });

  it('fails after a 401 for a configured session, which cannot be replaced', () => {
    expect(signInWith(given).signIn.invalidate).toBeUndefined();
  });

  it('renews a configured session while it is in use', async () => {
    const { clock, sign } = signInWith(given, session('second'));
    await sign();
    clock.now += 21 * MINUTE;
    expect((await sign()).headers!['cookie']).toBe(`AtmoAuthToken_acme=second; Csrf-Token_acme=${CSRF}`);
  });

  it('keeps using a configured session if it cannot be renewed', async () => {
    const { upstream, clock, sign } = signInWith(given, new Failure({ kind: 'unauthenticated' }));
    await sign();
    clock.now += 21 * MINUTE;
    expect((await sign()).headers!['cookie']).toContain(TOKEN);
    clock.now += 40 * MINUTE;
    expect((await sign()).headers!['cookie']).toContain(TOKEN);
    expect(paths(upstream)).toEqual(['/api/login/renewToken']);
  });
});

describe('session replaced by a response', () => {
  const cookies = (...lines: string[]): UpstreamAnswer => answer('{}', 200, { 'set-cookie': lines });

  it.each([
    ['the token', cookies('AtmoAuthToken_acme=next; Path=/'), 'next', CSRF],
    ['the CSRF value', cookies('Csrf-Token_acme=other; Path=/'), TOKEN, 'other'],
    ['both', cookies('Csrf-Token_acme=other; Path=/', 'AtmoAuthToken_acme=next'), 'next', 'other'],
    [
      'the token, with one cleared for another path',
      cookies('AtmoAuthToken_acme=next; Path=/', 'AtmoAuthToken_acme=; Path=/atmosphere; Max-Age=0'),
      'next',
      CSRF,
    ],
  ])('uses the session that a response sets: %s', async (_, given, token, csrf) => {
    const { upstream, signIn, sign } = signInWith(USER, session(TOKEN, CSRF));
    const first = await sign();
    signIn.adopt!(first, given);
    expect(await sign()).toEqual({
      headers: { cookie: `AtmoAuthToken_acme=${token}; Csrf-Token_acme=${csrf}`, 'X-Csrf-Token_acme': csrf },
    });
    expect(signIn.replacedBy!(first)).toBe('adopted');
    expect(signIn.replacedBy!(await sign())).toBeUndefined();
    expect(paths(upstream)).toEqual(['/api/login']);
  });

  it.each([
    ['has no cookies', answer('{}')],
    ['repeats the session', cookies(`AtmoAuthToken_acme=${TOKEN}`, `Csrf-Token_acme=${CSRF}`)],
    ['sets cookies of another tenant', cookies('AtmoAuthToken_other=next')],
    ['clears the token', cookies('AtmoAuthToken_acme=')],
    ['clears the token of another path', cookies('AtmoAuthToken_acme=; Path=/atmosphere; Max-Age=0')],
    ['sets a token for another path', cookies('AtmoAuthToken_acme=next; Path=/atmosphere')],
    ['has a token that no header can carry', cookies('AtmoAuthToken_acme="a b"')],
  ])('keeps the session if the response %s', async (_, given) => {
    const { signIn, sign } = signInWith(USER, session(TOKEN, CSRF));
    const first = await sign();
    signIn.adopt!(first, given);
    expect(await sign()).toBe(first);
  });

  it('ignores a late response to an earlier sign-in', async () => {
    const { signIn, sign } = signInWith(USER, session(TOKEN), session('second'));
    const first = await sign();
    expect(signIn.invalidate!(first)).toBe(true);
    const second = await sign();
    signIn.adopt!(first, cookies('AtmoAuthToken_acme=late'));
    expect(await sign()).toBe(second);
    expect(signIn.replacedBy!(first)).toBe('obtained');
  });

  it('gives a replaced session the lifetime of the old one', async () => {
    const { upstream, clock, signIn, sign } = signInWith(USER, session(TOKEN), session('third'));
    const first = await sign();
    clock.now += 15 * MINUTE;
    signIn.adopt!(first, cookies('AtmoAuthToken_acme=second'));
    clock.now += 20 * MINUTE - 1;
    expect((await sign()).headers!['cookie']).toBe('AtmoAuthToken_acme=second');
    clock.now += 1;
    expect((await sign()).headers!['cookie']).toBe('AtmoAuthToken_acme=third');
    expect(paths(upstream)).toEqual(['/api/login', '/api/login/renewToken']);
  });
});

describe('sign-in preview', () => {
  it('previews the headers without secrets and without a call', () => {
    const { upstream, signIn } = signInWith(USER);
    expect(signIn.preview.headers).toEqual({
      cookie: 'AtmoAuthToken_acme=REDACTED; Csrf-Token_acme=REDACTED',
      'X-Csrf-Token_acme': 'REDACTED',
    });
    expect(upstream.asked).toEqual([]);
  });

  it('previews no CSRF header for a configured session without one', () => {
    const { signIn } = signInWith({ token: TOKEN, csrf: null });
    expect(signIn.preview.headers).toEqual({ cookie: 'AtmoAuthToken_acme=REDACTED' });
  });
});

type Settings = SettingsOf<typeof akana.settings>;

function settings(given: Partial<Settings>): Settings {
  const unset = { USERNAME: undefined, PASSWORD: undefined, AUTH_TOKEN: undefined, CSRF_TOKEN: undefined };
  const COMMENTS = 'text';
  const notForwarded = { FORWARD_TOKEN: undefined, FORWARD_CSRF: undefined };
  return { URL: 'http://127.0.0.1', TENANT: 'acme', COMMENTS, ...unset, ...notForwarded, ...given };
}

describe('Akana settings', () => {
  const mistakesOf = (environment: Environment): string[] => {
    const read = readSourceSettings(
      { key: akana.key, vendor: akana },
      { AKANA_URL: 'https://akana.example', ...environment },
    );
    return 'errors' in read ? read.errors.map(({ variable }) => variable) : [];
  };
  const TENANT = { AKANA_TENANT: 'acmepaymentscorp' };

  it('accepts a tenant with a name and a password, or with a token', () => {
    expect(mistakesOf({ ...TENANT, AKANA_USERNAME: 'desk', AKANA_PASSWORD: ' p;ss' })).toEqual([]);
    expect(mistakesOf({ ...TENANT, AKANA_AUTH_TOKEN: TOKEN })).toEqual([]);
    expect(mistakesOf({ ...TENANT, AKANA_AUTH_TOKEN: TOKEN, AKANA_CSRF_TOKEN: CSRF })).toEqual([]);
  });

  it.each([
    [{}, ['AKANA_USERNAME', 'AKANA_PASSWORD']],
    [{ AKANA_USERNAME: 'desk' }, ['AKANA_PASSWORD']],
    [{ AKANA_PASSWORD: 'pass' }, ['AKANA_USERNAME']],
    [{ AKANA_CSRF_TOKEN: CSRF }, ['AKANA_USERNAME', 'AKANA_PASSWORD']],
    [{ AKANA_AUTH_TOKEN: 'a; JSESSIONID=b' }, ['AKANA_AUTH_TOKEN']],
    [{ AKANA_AUTH_TOKEN: 'TokenID=é' }, ['AKANA_AUTH_TOKEN']],
    [{ AKANA_AUTH_TOKEN: 'a\r\nX: y' }, ['AKANA_AUTH_TOKEN']],
    [{ AKANA_AUTH_TOKEN: TOKEN, AKANA_CSRF_TOKEN: 'a b' }, ['AKANA_CSRF_TOKEN']],
  ])('reports the settings %j as invalid: %j', (given, variables) => {
    expect(mistakesOf({ ...TENANT, ...given })).toEqual(variables);
  });

  it.each(['', 'a b', 'a=b', 'a;b', 'a:b', 'a.b', 'é', 'a\n', 'a'.repeat(65), undefined])(
    'rejects the tenant %j, which would become part of header and cookie names',
    (tenant) => {
      expect(mistakesOf({ AKANA_TENANT: tenant, AKANA_AUTH_TOKEN: TOKEN })).toEqual(['AKANA_TENANT']);
    },
  );

  it('prefers the token if both a token and a password are configured', async () => {
    const signIns: (Authenticator | undefined)[] = [];
    akana.connect(settings({ USERNAME: 'desk', PASSWORD: 'pass', AUTH_TOKEN: TOKEN }), {
      sourceKey: 'akana',
      now: () => 0,
      connect({ signIn }) {
        signIns.push(signIn);
        return fakeUpstream();
      },
    });
    const [bare, signing] = signIns;
    expect(bare).toBeUndefined();
    const { headers } = await signing!.authorize(call);
    expect(headers!['cookie']).toBe(`AtmoAuthToken_acme=${TOKEN}`);
  });
});

describe('Akana vendor', () => {
  it('has a planner for each of its mutations', () => {
    expect(Object.keys(idle).toSorted()).toEqual([...akana.mutations].toSorted());
    expect(akana).toMatchObject({ key: 'akana', name: 'Akana', lists: true });
  });
});
