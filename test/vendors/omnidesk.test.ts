import { describe, expect, it } from 'vitest';
import type {
  RequestScope,
  RejectedPlan,
  SettingsOf,
  Ticket,
  TicketAction,
  Upstream,
  UpstreamAnswer,
  UpstreamOptions,
  UpstreamRequest,
  Datasource,
  WriteResult,
  Write,
} from '../../datasources/contract.ts';
import { Failure } from '../../datasources/vendor-kit/failure.ts';
import { parseGlobalId } from '../../datasources/vendor-kit/global-id.ts';
import { toTarget } from '../../datasources/vendor-kit/request.ts';
import { readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import type { mutations } from '../../datasources/omnidesk/actions.ts';
import { toFailure } from '../../datasources/omnidesk/failure.ts';
import { omnidesk } from '../../datasources/omnidesk/index.ts';
import { createZoneOffsets, toTicket as toTicketOf } from '../../datasources/omnidesk/mapping.ts';
import { createSignIn } from '../../datasources/omnidesk/sign-in.ts';
import { parseJson } from '../../datasources/vendor-kit/json.ts';
import { signRequest } from '../../datasources/upstream/sign-request.ts';
import { isRejection, parseTicket, parseTicketList } from '../../datasources/omnidesk/wire.ts';
import { interpretResponse } from '../../datasources/omnidesk/writes.ts';
import { toPlain } from '../../datasources/vendor-kit/lazy.ts';

/** A ticket of the default source. */
const toTicket = (wire: Parameters<typeof toTicketOf>[0], toOffsetMinutes: ReturnType<typeof createZoneOffsets>) =>
  toTicketOf(wire, { sourceKey: 'omnidesk', toOffsetMinutes });

const KEY = 'secret-key-1';
const UTC = () => 0;
const ticketIn = (text: string) => parseTicket(parseJson(text));

const call: RequestScope = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };

function answer(text: string, status = 200, headers: UpstreamAnswer['headers'] = {}): UpstreamAnswer {
  return { status, headers, text };
}

function itemAnswer(fields: Record<string, unknown>): UpstreamAnswer {
  return answer(JSON.stringify({ type: 'item', item: { id: 1, status: 'new', ...fields } }));
}

/** The vendor connected to an upstream that records what it is asked and gives the same answer to all. */
function connect(
  given: UpstreamAnswer | Failure = answer(''),
  own: Partial<SettingsOf<typeof omnidesk.settings>> = {},
) {
  const asked: UpstreamRequest[] = [];
  const connected: UpstreamOptions[] = [];
  const upstream: Upstream = {
    read: (request) => {
      asked.push(request);
      return given instanceof Failure ? Promise.reject(given) : Promise.resolve(given);
    },
  };
  const settings = { URL: 'http://127.0.0.1:1', API_KEY: KEY, BODY: 'form', TIME_ZONE: 'UTC', ...own } as const;
  const source = omnidesk.connect(settings, {
    sourceKey: 'omnidesk',
    connect: (options) => {
      connected.push(options);
      return upstream;
    },
    now: () => 0,
  });
  return { source, asked, connected };
}

const MISSING = new Failure({ kind: 'not-found' });

function plan(mutation: (typeof mutations)[number], input: unknown, ids: readonly string[] = [], source?: Datasource) {
  const planner = (source ?? connect().source).writes[mutation]!;
  return planner(input as never, ids, call);
}

function onlyWrite(planned: readonly (Write | RejectedPlan)[]): Write {
  expect(planned).toHaveLength(1);
  const [first] = planned;
  if (!first || !('request' in first)) throw new Error(`expected a write, got ${JSON.stringify(first)}`);
  return first;
}

function onlyRejection(planned: readonly (Write | RejectedPlan)[]): RejectedPlan {
  expect(planned).toHaveLength(1);
  const [first] = planned;
  if (!first || !('failure' in first)) throw new Error('expected a rejection, got a write');
  return first;
}

const FORM_HEADERS = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

describe('Omnidesk vendor', () => {
  it('has a planner for exactly its mutations', () => {
    expect(Object.keys(connect().source.writes).toSorted()).toEqual([...omnidesk.mutations].toSorted());
  });

  it('defaults to form bodies and UTC', () => {
    const environment = { OMNIDESK_URL: 'https://account.omnidesk.io/', OMNIDESK_API_KEY: KEY };
    expect(readSourceSettings({ key: omnidesk.key, vendor: omnidesk }, environment)).toMatchObject({
      settings: { URL: 'https://account.omnidesk.io', API_KEY: KEY, BODY: 'form', TIME_ZONE: 'UTC' },
    });
  });

  it.each([
    ['a missing key', {}, 'OMNIDESK_API_KEY'],
    ['a key with a line break', { OMNIDESK_API_KEY: 'a\nb' }, 'OMNIDESK_API_KEY'],
    ['another body', { OMNIDESK_API_KEY: KEY, OMNIDESK_BODY: 'xml' }, 'OMNIDESK_BODY'],
    ['a zone that does not exist', { OMNIDESK_API_KEY: KEY, OMNIDESK_TIME_ZONE: 'Mars/Base' }, 'OMNIDESK_TIME_ZONE'],
  ])('rejects %s with the name of the variable', (_, environment, variable) => {
    const read = readSourceSettings(
      { key: omnidesk.key, vendor: omnidesk },
      { OMNIDESK_URL: 'https://a.example', ...environment },
    );
    expect('errors' in read && read.errors.map((error) => error.variable)).toEqual([variable]);
  });

  it('connects to the base URL with its error mapper and its sign-in', () => {
    const { connected } = connect();
    expect(connected).toHaveLength(1);
    expect(connected[0]?.url).toBe('http://127.0.0.1:1');
    expect(connected[0]?.signIn).toBeDefined();
  });
});

describe('ticket ids', () => {
  const vendors = new Map([['omnidesk', { key: 'omnidesk', vendor: omnidesk }]]);

  it.each(['1', '858462', '999999999999999'])('accepts %s, also as a reference', (id) => {
    expect(parseGlobalId(`omnidesk:${id}`, vendors).nativeId).toBe(id);
    expect(omnidesk.isReference(id)).toBe(true);
  });

  it.each([
    ['the path of the bulk delete', 'multi'],
    ['the path of another operation', 'solveUnfinishedTickets'],
    ['nothing', ''],
    ['zero', '0'],
    ['a leading zero', '07'],
    ['two ids', '1, 2'],
    ['two ids without a space', '1,2'],
    ['a climb', '../1'],
    ['dots', '..'],
    ['a slash', '1/2'],
    ['a question mark', '1?x=1'],
    ['an ampersand', '1&ticketIDs[]=2'],
    ['a percent sign', '1%2F'],
    ['a line break at the end', '1\n'],
    ['a control character', '1\u0000'],
    ['other digits', '١٢٣'],
    ['a sign', '-1'],
    ['an exponent', '1e3'],
    ['too many digits', '1234567890123456'],
  ])('rejects the ticket id %s', (_, id) => {
    expect(() => parseGlobalId(`omnidesk:${id}`, vendors)).toThrow(Failure);
    expect(omnidesk.isReference(id)).toBe(false);
  });
});

describe('sign-in', () => {
  const request: UpstreamRequest = { method: 'GET', path: '/api/v2/ticket', query: [['itemStart', '0']], headers: {} };

  it('sends the key only as the last query parameter, encoded, as a secret', async () => {
    const wire = signRequest(request, await createSignIn('k&e y').authorize(call));
    expect(wire.target).toBe('/api/v2/ticket?itemStart=0&apiKey=k%26e+y');
    expect(wire.secrets).toEqual(['k&e y']);
    expect(wire.headers).toEqual({ 'user-agent': 'ticketgraph' });
  });

  it('previews a placeholder for the key', () => {
    const preview = signRequest(request, createSignIn(KEY).preview);
    expect(preview.target).toBe('/api/v2/ticket?itemStart=0&apiKey=REDACTED');
    expect(JSON.stringify(preview)).not.toContain(KEY);
  });

  it('has no credential to renew', () => {
    expect(createSignIn(KEY).invalidate).toBeUndefined();
  });
});

describe('Omnidesk errors', () => {
  const dialect = (given: UpstreamAnswer) => toFailure(given, KEY);

  it.each([
    [400, 'rejected'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [422, 'rejected'],
    [429, 'rate-limited'],
    [500, 'unavailable'],
  ])('maps status %i to %s', (status, kind) => {
    expect(dialect(answer('', status))).toEqual({ kind });
  });

  it('exposes only the documented message field of an error', () => {
    const body = '{"status":"error","message":"Form field is required","trace":"at x.php:1"}';
    expect(dialect(answer(body, 400))).toEqual({ kind: 'rejected', upstreamMessage: 'Form field is required' });
  });

  it.each(['<html><body>Bad gateway</body></html>', 'message', '["message"]', '{"message":{"a":1}}', '{"message":""}'])(
    'reads no message from %s',
    (text) => {
      expect(dialect(answer(text, 400))).toEqual({ kind: 'rejected' });
    },
  );

  it('removes the key from a message in every encoding', () => {
    const key = 'k&e y/=';
    const message = `no route ?apiKey=k%26e+y%2F%3D or k%26e%20y%2F%3D or ${key}; also apikey=other&x=1`;
    expect(toFailure(answer(JSON.stringify({ message }), 404), key).upstreamMessage).toBe(
      'no route ?apiKey=REDACTED or REDACTED or REDACTED; also apikey=REDACTED&x=1',
    );
  });

  it.each<[unknown, boolean]>([
    [{ status: 'error' }, true],
    [{ status: 'error', message: 'x' }, true],
    [{ status: 'ERROR' }, false],
    [{ status: 'errored' }, false],
    [{ status: true }, false],
    [{ type: 'item', status: 'error' }, false],
    [{ status: 'error', item: { id: 1 } }, false],
    [{ type: 'result', message: 'error' }, false],
    [['error'], false],
    ['error', false],
    [null, false],
  ])('recognizes whether %j is an error', (body, expected) => {
    expect(isRejection(body)).toBe(expected);
  });
});

describe('response to a write', () => {
  const judged = (given: UpstreamAnswer): WriteResult =>
    interpretResponse(
      given,
      (rejection) => toFailure(rejection, KEY),
      () => ({}),
    );

  it.each([
    ['the documented result', '{"type":"result","message":"ok"}'],
    ['an item', '{"type":"item","item":{"id":1,"status":"new"}}'],
    ['an item that is called error', '{"type":"item","item":{"status":"error"}}'],
    ['any object', '{}'],
    ['a list', '[]'],
    ['a bare value', 'true'],
    ['null', 'null'],
    ['nothing', ''],
    ['white space', ' \r\n'],
  ])('accepts a write with %s', (_, text) => {
    expect(judged(answer(text))).toEqual({ kind: 'accepted' });
  });

  it.each([200, 201, 202, 204])('accepts a write with an empty %i', (status) => {
    expect(judged(answer('', status))).toEqual({ kind: 'accepted' });
  });

  it('accepts a write with JSON that is declared as HTML', () => {
    expect(judged(answer('{"type":"result"}', 200, { 'content-type': 'text/html' })).kind).toBe('accepted');
  });

  it('rejects a write with an error in a 200, with the message and without the key', () => {
    expect(judged(answer(`{"status":"error","message":"<b>Locked</b> ${KEY}"}`))).toEqual({
      kind: 'rejected',
      failure: { kind: 'rejected', upstreamStatus: 200, upstreamMessage: 'Locked REDACTED' },
    });
  });

  it.each([
    ['an HTML page', '<!doctype html><p>Sign in</p>', 200, 'the body is HTML'],
    ['plain text', 'OK', 200, 'the body is not JSON'],
    ['half an answer', '{"type":"res', 200, 'the body is not JSON'],
    ['a redirect', '', 302, 'the status is 302'],
    ['a redirect with JSON', '{"type":"result"}', 303, 'the status is 303'],
    ['not modified', '', 304, 'the status is 304'],
  ])('is inconclusive with %s', (_, text, status, why) => {
    expect(judged(answer(text, status))).toEqual({ kind: 'inconclusive', why });
  });
});

describe('setStatus', () => {
  it.each([
    ['NEW', 'new'],
    ['OPEN', 'open'],
    ['PENDING', 'pending'],
    ['ON_HOLD', 'holding'],
    ['SOLVED', 'solved'],
    ['CLOSED', 'closed'],
  ])('setStatus sends %s as %s, all tickets in one call', (status, word) => {
    const write = onlyWrite(plan('setStatus', { status }, ['1', '2']));
    expect(write.targets).toEqual(['1', '2']);
    expect(write.request).toEqual({
      method: 'POST',
      path: '/api/v2/ticket/setStatus',
      headers: FORM_HEADERS,
      body: `status=${word}&ticketIDs%5B%5D=1&ticketIDs%5B%5D=2`,
    });
    expect(write.interpret(answer(''))).toEqual({
      kind: 'accepted',
      transition: {
        __typename: 'StatusTransition',
        action: `status.${word}`,
        to: { __typename: 'TicketStatus', category: status, raw: word },
      },
    });
  });

  it('setStatus sends every digit of a number as JSON if configured', () => {
    const { source } = connect(undefined, { BODY: 'json' });
    const write = onlyWrite(plan('setStatus', { status: 'SOLVED' }, ['1', '999999999999999'], source));
    expect(write.request.headers).toEqual(JSON_HEADERS);
    expect(write.request.body).toBe('{"status":"solved","ticketIDs":[1,999999999999999]}');
  });

  it('setStatus rejects CANCELLED for each ticket, and names alternatives', () => {
    const { targets, failure } = onlyRejection(plan('setStatus', { status: 'CANCELLED' }, ['1', '2']));
    expect(targets).toEqual(['1', '2']);
    expect(failure).toMatchObject({ kind: 'unsupported', field: ['status'] });
    expect(failure.message).toMatch(/setStatus with SOLVED or CLOSED/);
  });

  it('setStatus reports an unsent comment, only if there is one', () => {
    const remarkOf = (comment: unknown) => onlyWrite(plan('setStatus', { status: 'OPEN', comment }, ['1'])).notice;
    expect(remarkOf('see below')).toMatchObject({ kind: 'unsupported', field: ['comment'] });
    expect(remarkOf('')).toBeUndefined();
    expect(remarkOf(null)).toBeUndefined();
  });

  it('verifies setStatus only by the requested status', async () => {
    const settledBy = async (given: UpstreamAnswer | Failure) => {
      const { source, asked } = connect(given);
      const found = await onlyWrite(plan('setStatus', { status: 'ON_HOLD' }, ['1', '2'], source)).verify!('2', call);
      expect(asked.map((request) => request.path)).toEqual(['/api/v2/ticket/2']);
      return found;
    };
    expect(await settledBy(itemAnswer({ status: 'holding' }))).toMatchObject({
      transition: { action: 'status.holding' },
    });
    expect(await settledBy(itemAnswer({ status: 'open' }))).toBeUndefined();
    expect(await settledBy(MISSING)).toBeUndefined();
  });
});

describe('setPriority', () => {
  it.each(['LOW', 'MEDIUM', 'HIGH', 'URGENT'])(
    'setPriority sends %s in lower case, all tickets in one call',
    (priority) => {
      const word = priority.toLowerCase();
      const write = onlyWrite(plan('setPriority', { priority }, ['1', '2']));
      expect(write.targets).toEqual(['1', '2']);
      expect(write.request).toEqual({
        method: 'POST',
        path: '/api/v2/ticket/setPriority',
        headers: FORM_HEADERS,
        body: `priority=${word}&ticketIDs%5B%5D=1&ticketIDs%5B%5D=2`,
      });
      expect(write.interpret(answer('{}'))).toEqual({
        kind: 'accepted',
        transition: { __typename: 'ActionTransition', action: `priority.${word}`, to: null, state: null },
      });
    },
  );

  it('verifies setPriority only by the requested priority', async () => {
    const settledBy = (given: UpstreamAnswer) => {
      const { source } = connect(given);
      return onlyWrite(plan('setPriority', { priority: 'HIGH' }, ['1'], source)).verify!('1', call);
    };
    expect(await settledBy(itemAnswer({ priority: 'high' }))).toMatchObject({
      transition: { action: 'priority.high' },
    });
    expect(await settledBy(itemAnswer({ priority: 'low' }))).toBeUndefined();
    expect(await settledBy(itemAnswer({}))).toBeUndefined();
  });
});

describe('executeAction', () => {
  it('executeAction sends the same call as setStatus, and returns an ActionTransition', () => {
    const write = onlyWrite(plan('executeAction', { action: 'status.holding' }, ['7']));
    expect(write.request.path).toBe('/api/v2/ticket/setStatus');
    expect(write.request.body).toBe('status=holding&ticketIDs%5B%5D=7');
    expect(write.interpret(answer(''))).toEqual({
      kind: 'accepted',
      transition: {
        __typename: 'ActionTransition',
        action: 'status.holding',
        to: { __typename: 'TicketStatus', category: 'ON_HOLD', raw: 'holding' },
        state: null,
      },
    });
  });

  it('executeAction sends the same call as setPriority, and reports an unsent comment', () => {
    const write = onlyWrite(plan('executeAction', { action: 'priority.low', comment: 'later' }, ['7']));
    expect(write.request.path).toBe('/api/v2/ticket/setPriority');
    expect(write.request.body).toBe('priority=low&ticketIDs%5B%5D=7');
    expect(write.interpret(answer(''))).toMatchObject({
      kind: 'accepted',
      transition: { action: 'priority.low', to: null },
    });
    expect(write.notice).toMatchObject({ kind: 'unsupported' });
  });

  it.each([
    ['status.Solved', 'status.solved'],
    ['STATUS.HOLDING', 'status.holding'],
    ['Priority.URGENT', 'priority.urgent'],
  ])('recognizes the action %s as %s', (action, name) => {
    const write = onlyWrite(plan('executeAction', { action }, ['7']));
    expect(write.request).toEqual(onlyWrite(plan('executeAction', { action: name }, ['7'])).request);
    expect(write.interpret(answer(''))).toMatchObject({ kind: 'accepted', transition: { action: name } });
  });

  it.each([
    'status',
    'status.',
    'status.cancelled',
    'status.solved.x',
    'Status',
    'priority.solved',
    'close',
    '',
    'constructor',
  ])('rejects the action %j', (action) => {
    const { targets, failure } = onlyRejection(plan('executeAction', { action }, ['7']));
    expect(targets).toEqual(['7']);
    expect(failure).toMatchObject({ kind: 'invalid-input', field: ['action'] });
    expect(failure.message).toContain('status.solved, status.closed, priority.low');
  });

  it('executeAction rejects inputs by name', () => {
    const { failure } = onlyRejection(plan('executeAction', { action: 'status.open', inputs: { note: 'x' } }, ['7']));
    expect(failure).toMatchObject({ kind: 'invalid-input', field: ['inputs', 'note'] });
  });

  it('executeAction performs all availableActions', () => {
    const offered = connect().source.actions({ status: { category: null } } as Ticket, call) as readonly TicketAction[];
    expect(offered).toHaveLength(10);
    for (const { name } of offered)
      expect(onlyWrite(plan('executeAction', { action: name }, ['7'])).targets).toEqual(['7']);
  });
});

describe('createTicket', () => {
  it('createTicket sends all given fields, in documentation order', () => {
    const ticket = {
      formId: 4,
      assignedGroupId: 0,
      title: 'a&b=c',
      to: 't@b',
      fromName: ' ',
      from: 'f@b',
      direction: 'INBOUND',
      channelId: 1,
      brandId: 2,
    };
    const write = onlyWrite(plan('createTicket', { ticket: { omnidesk: ticket } }));
    expect(write.targets).toEqual([]);
    expect(write.verify).toBeUndefined();
    expect(write.request).toEqual({
      method: 'POST',
      path: '/api/v2/ticket',
      headers: FORM_HEADERS,
      body:
        'brandID=2&channelID=1&direction=inbound&from=f%40b&fromName=+&to=t%40b&title=a%26b%3Dc' +
        '&assignedGroupID=0&formID=4',
    });
  });

  it.each([
    ['form', 'fromName=+&assignedGroupID=0&formID='],
    ['json', '{"fromName":" ","assignedGroupID":0,"formID":null}'],
  ] as const)('createTicket sends the documented default for an explicit null, as %s', (BODY, body) => {
    const ticket = { formId: null, assignedGroupId: null, fromName: null, brandId: null, title: null };
    const { source } = connect(undefined, { BODY });
    expect(onlyWrite(plan('createTicket', { ticket: { omnidesk: ticket } }, [], source)).request.body).toBe(body);
  });

  it('createTicket omits a null without a documented default, and sends an empty string', () => {
    const ticket = { title: 'x', from: null, to: '', direction: 'OUTBOUND' };
    const { source } = connect(undefined, { BODY: 'json' });
    expect(onlyWrite(plan('createTicket', { ticket: { omnidesk: ticket } }, [], source)).request.body).toBe(
      '{"direction":"outbound","to":"","title":"x"}',
    );
  });

  it('createTicket sends no body without fields', () => {
    expect(onlyWrite(plan('createTicket', { ticket: { omnidesk: {} } })).request).toEqual({
      method: 'POST',
      path: '/api/v2/ticket',
      headers: { accept: 'application/json' },
    });
  });

  it('createTicket rejects a ticket for another vendor', () => {
    const { failure } = onlyRejection(plan('createTicket', { ticket: {} }));
    expect(failure).toMatchObject({ kind: 'invalid-input', field: ['ticket', 'omnidesk'] });
  });

  it.each([
    ['item.id', '{"type":"item","item":{"id":858463}}', '858463'],
    ['id', '{"type":"result","id":"858463"}', '858463'],
    ['nothing', '{"type":"result","message":"ok"}', undefined],
    ['an empty answer', '', undefined],
    ['an id that is none', '{"id":"../multi"}', undefined],
    ['zero', '{"id":0}', undefined],
  ])("reads the new ticket's id from %s", (_, text, nativeId) => {
    const result = onlyWrite(plan('createTicket', { ticket: { omnidesk: {} } })).interpret(answer(text));
    expect(result).toEqual(nativeId === undefined ? { kind: 'accepted' } : { kind: 'accepted', nativeId });
  });
});

describe('updateTicket', () => {
  it('updateTicket sends all given fields with a PUT, in documentation order', () => {
    const input = { title: 'T', externalCustomerId: 'c/7', status: 'CLOSED' };
    const write = onlyWrite(plan('updateTicket', input, ['7']));
    expect(write.request).toEqual({
      method: 'PUT',
      path: '/api/v2/ticket/7',
      headers: FORM_HEADERS,
      body: 'externalPrimaryID=c%2F7&title=T&status=closed',
    });
    expect(write.interpret(answer(''))).toEqual({ kind: 'accepted' });
  });

  it('updateTicket sends an empty title, and omits null', () => {
    const input = { title: '', externalCustomerId: null, status: null };
    expect(onlyWrite(plan('updateTicket', input, ['7'])).request.body).toBe('title=');
  });

  it('updateTicket rejects an update without fields', () => {
    const { targets, failure } = onlyRejection(plan('updateTicket', { title: null }, ['7']));
    expect(targets).toEqual(['7']);
    expect(failure.kind).toBe('invalid-input');
  });

  it.each([
    ['both there', { title: 'T', status: 'SOLVED' }, { title: 'T', status: 'solved' }, true],
    ['the title alone', { title: 'T', status: 'SOLVED' }, { title: 'T', status: 'open' }, false],
    ['the status alone', { title: 'T', status: 'SOLVED' }, { title: 'U', status: 'solved' }, false],
    ['the only one given', { status: 'CLOSED' }, { title: 'U', status: 'closed' }, true],
    ['an empty title', { title: '' }, { title: null }, true],
  ])('verifies updateTicket by every given field: %s', async (_, input, fields, isApplied) => {
    const { source } = connect(itemAnswer(fields));
    const found = await onlyWrite(plan('updateTicket', input, ['1'], source)).verify!('1', call);
    expect(found).toEqual(isApplied ? {} : undefined);
  });

  it('does not verify updateTicket with an external customer id, which tickets do not contain', () => {
    expect(onlyWrite(plan('updateTicket', { title: 'T', externalCustomerId: 'c' }, ['1'])).verify).toBeUndefined();
  });
});

describe('deleteTickets', () => {
  it('deleteTickets sends one DELETE per ticket, without a body', () => {
    const planned = plan('deleteTickets', {}, ['1', '2']) as readonly Write[];
    expect(planned.map(({ targets }) => targets)).toEqual([['1'], ['2']]);
    expect(planned.map(({ request }) => request)).toEqual(
      ['1', '2'].map((id) => ({
        method: 'DELETE',
        path: `/api/v2/ticket/${id}`,
        headers: { accept: 'application/json' },
      })),
    );
    expect(planned[0]!.interpret(answer('{"type":"result"}'))).toEqual({ kind: 'accepted' });
  });

  it('verifies deleteTickets only by a missing ticket', async () => {
    const settledBy = (given: UpstreamAnswer | Failure) => {
      const { source } = connect(given);
      return onlyWrite(plan('deleteTickets', {}, ['1'], source)).verify!('1', call);
    };
    expect(await settledBy(MISSING)).toEqual({});
    expect(await settledBy(itemAnswer({}))).toBeUndefined();
    await expect(settledBy(answer('<html>'))).rejects.toMatchObject({ kind: 'protocol' });
  });
});

describe('unlinkCustomer', () => {
  it('unlinkCustomer sends the ticket number, as a form or as JSON', () => {
    const write = onlyWrite(plan('unlinkCustomer', {}, ['7']));
    expect(write.request).toEqual({
      method: 'POST',
      path: '/api/v2/ticket/unlinkCustomerFromTicket',
      headers: FORM_HEADERS,
      body: 'ticketID=7',
    });
    expect(write.interpret(answer(''))).toEqual({ kind: 'accepted' });
    const { source } = connect(undefined, { BODY: 'json' });
    expect(onlyWrite(plan('unlinkCustomer', {}, ['7'], source)).request.body).toBe('{"ticketID":7}');
  });

  it.each([
    ['null', { customer_id: null }, true],
    ['0', { customer_id: 0 }, true],
    ['"0"', { customer_id: '0' }, true],
    ['a customer', { customer_id: 5 }, false],
    ['no word of a customer', {}, false],
  ])('verifies unlinkCustomer by a ticket without a customer: %s', async (_, fields, isApplied) => {
    const { source } = connect(itemAnswer(fields));
    const found = await onlyWrite(plan('unlinkCustomer', {}, ['1'], source)).verify!('1', call);
    expect(found).toEqual(isApplied ? {} : undefined);
  });
});

describe('runBatch', () => {
  const actions = [
    { actionType: 'status', value: 'solved' },
    { actionType: 'note', value: '' },
  ];

  it('runBatch sends ids as one string and numbered actions, in one call', () => {
    const write = onlyWrite(plan('runBatch', { actions }, ['1', '2']));
    expect(write.targets).toEqual(['1', '2']);
    expect(write.verify).toBeUndefined();
    expect(write.request.path).toBe('/api/v2/ticket/batch');
    expect(decodeURIComponent(write.request.body!)).toBe(
      'TicketIDs=1,2&actions[0][actionType]=status&actions[0][value]=solved' +
        '&actions[1][actionType]=note&actions[1][value]=',
    );
    expect(write.interpret(answer('{}'))).toEqual({ kind: 'accepted' });
  });

  it('runBatch sends the ids as one string in JSON', () => {
    const { source } = connect(undefined, { BODY: 'json' });
    expect(onlyWrite(plan('runBatch', { actions: actions.slice(0, 1) }, ['1', '2'], source)).request.body).toBe(
      '{"TicketIDs":"1,2","actions":[{"actionType":"status","value":"solved"}]}',
    );
  });

  const many = (count: number) => Array.from({ length: count }, () => actions[0]);

  it.each([20, 21, 150])('runBatch accepts %i actions, since no limit is documented', (count) => {
    const { body } = onlyWrite(plan('runBatch', { actions: many(count) }, ['1'])).request;
    expect(body).toContain(`actions%5B${count - 1}%5D`);
  });

  it.each([
    ['none', [], ['actions']],
    ['one without a kind', [...many(1), { actionType: ' ', value: 'x' }], ['actions', '1', 'actionType']],
  ])('runBatch rejects %s', (_, given, field) => {
    const { targets, failure } = onlyRejection(plan('runBatch', { actions: given }, ['1', '2']));
    expect(targets).toEqual(['1', '2']);
    expect(failure).toMatchObject({ kind: 'invalid-input', field });
  });
});

describe('solveUnfinishedTickets', () => {
  it('solveUnfinishedTickets sends a PUT without a body next to the other operations', () => {
    const write = onlyWrite(plan('solveUnfinishedTickets', { confirm: true }));
    expect(write).toMatchObject({ targets: [] });
    expect(write.request).toEqual({
      method: 'PUT',
      path: '/api/v2/ticket/solveUnfinishedTickets',
      headers: { accept: 'application/json' },
    });
    expect(write.verify).toBeUndefined();
  });

  it('solveUnfinishedTickets is rejected unless confirmed', () => {
    const { failure } = onlyRejection(plan('solveUnfinishedTickets', { confirm: false }));
    expect(failure).toMatchObject({ kind: 'invalid-input', field: ['confirm'] });
  });
});

describe('findTicket', () => {
  const find = (given: UpstreamAnswer | Failure) => connect(given).source.find('1', call);

  it('finds a ticket by its number, without the key', async () => {
    const { source, asked } = connect(itemAnswer({}));
    await source.find('858462', call);
    await source.findByReference!('858462', call);
    const request = { method: 'GET', path: '/api/v2/ticket/858462', headers: { accept: 'application/json' } };
    expect(asked).toEqual([request, request]);
  });

  it('finds no ticket after a 404 or an empty item', async () => {
    expect(await find(MISSING)).toBeUndefined();
    expect(await find(answer('{"type":"item","item":null}'))).toBeUndefined();
    expect(await find(answer('{"type":"item","item":[]}'))).toBeUndefined();
    expect(await find(answer('{"type":"item","item":false}'))).toBeUndefined();
    expect(await find(answer('{"type":"item","item":{}}'))).toBeUndefined();
    expect(await find(answer('[]'))).toBeUndefined();
    expect(await find(answer('{}'))).toBeUndefined();
  });

  it('fails for an error in a 200, with the message and without the key', async () => {
    const error = answer(`{"status":"error","message":"apiKey=${KEY} may not"}`);
    await expect(find(error)).rejects.toMatchObject({
      details: { kind: 'rejected', upstreamStatus: 200, upstreamMessage: 'apiKey=REDACTED may not' },
    });
  });

  it.each([
    '',
    '<html></html>',
    '7',
    '"x"',
    '[{"id":1},{"id":2}]',
    '{"type":"item","item":"x"}',
    '{"item":{"status":"new"}}',
    '{"id":"multi"}',
  ])('rejects %j as a ticket', async (text) => {
    await expect(find(answer(text))).rejects.toMatchObject({ kind: 'protocol' });
  });
});

describe('Omnidesk ticket', () => {
  const map = (fields: Record<string, unknown>) =>
    toTicket(ticketIn(JSON.stringify({ item: { id: 1, status: 'new', ...fields } }))!, UTC);

  it('maps a ticket with only a number', () => {
    const ticket = toPlain(toTicket(ticketIn('{"id":"7"}')!, UTC));
    const { __typename, id, vendor, nativeId, reference, status, ...rest } = ticket;
    expect({ __typename, id, vendor, nativeId, reference }).toEqual({
      __typename: 'OmnideskTicket',
      id: 'omnidesk:7',
      vendor: 'OMNIDESK',
      nativeId: '7',
      reference: '7',
    });
    expect(status).toMatchObject({ category: null, raw: '' });
    expect(Object.values(rest)).toEqual(Object.values(rest).map(() => null));
    expect(Object.keys(rest)).toHaveLength(28);
  });

  it.each([
    ['new', 'NEW'],
    ['open', 'OPEN'],
    ['pending', 'PENDING'],
    ['holding', 'ON_HOLD'],
    ['solved', 'SOLVED'],
    ['closed', 'CLOSED'],
    ['Closed', 'CLOSED'],
    ['merged', null],
    ['constructor', null],
  ])('maps the status %s to %s', (raw, category) => {
    expect(map({ status: raw }).status).toMatchObject({ category, raw });
  });

  it.each([
    ['low', 'LOW'],
    ['medium', 'MEDIUM'],
    ['high', 'HIGH'],
    ['urgent', 'URGENT'],
    ['dire', null],
    [3, null],
    [null, null],
  ])('maps the priority %s to %s', (word, priority) => {
    expect(map({ priority: word }).priority).toBe(priority);
  });

  it('maps the id 0 to null, as a number and as a string', () => {
    const ticket = map({ assigned_group_id: 0, assigned_user_id: '0', customer_id: 0, form_id: null });
    const { assignedGroupId, assignedUserId, customerId, formId } = ticket;
    expect([assignedGroupId, assignedUserId, customerId, formId]).toEqual([null, null, null, null]);
  });

  it('reads ids as numbers and as strings, with every digit', () => {
    const text = '{"item":{"id":1,"brand_id":2,"channel_id":"3","customer_id":9007199254740993}}';
    const { brandId, channelId, customerId } = toTicket(ticketIn(text)!, UTC);
    expect([brandId, channelId, customerId]).toEqual(['2', '3', '9007199254740993']);
  });

  it('maps unexpected types to null', () => {
    const ticket = map({ title: ['x'], from: {}, created_at: 17, closed_at: 'never', direction: 1, brand_id: {} });
    const { title, from, createdAt, closedAt, direction, brandId } = ticket;
    expect([title, from, createdAt, closedAt, direction, brandId]).toEqual([null, null, null, null, null, null]);
  });

  it('maps the two directions, and no others', () => {
    expect(map({ direction: 'inbound' }).direction).toBe('INBOUND');
    expect(map({ direction: 'outbound' }).direction).toBe('OUTBOUND');
    expect(map({ direction: 'inboundX' }).direction).toBeNull();
  });

  it('exposes only http and https links', () => {
    expect(map({ external_gui_url: 'https://a.example/?t=1#2' }).externalGuiUrl).toBe('https://a.example/?t=1#2');
    expect(map({ external_gui_url: 'javascript:alert(1)' }).externalGuiUrl).toBeNull();
  });
});

describe('times without a zone', () => {
  const read = (zone: string, text: string) =>
    toTicket(ticketIn(JSON.stringify({ id: 1, created_at: text }))!, createZoneOffsets(zone)).createdAt;

  it.each([
    ['UTC', '2024-07-01 12:00:00', '2024-07-01T12:00:00.000Z'],
    ['Europe/Amsterdam', '2024-07-01 12:00:00', '2024-07-01T10:00:00.000Z'],
    ['Europe/Amsterdam', '2024-01-01 12:00:00', '2024-01-01T11:00:00.000Z'],
    ['Europe/Amsterdam', '2024-03-31 01:59:59', '2024-03-31T00:59:59.000Z'],
    ['Europe/Amsterdam', '2024-03-31 03:00:00', '2024-03-31T01:00:00.000Z'],
    ['Europe/Amsterdam', '2024-10-27 01:59:59', '2024-10-26T23:59:59.000Z'],
    ['Europe/Amsterdam', '2024-10-27 03:00:00', '2024-10-27T02:00:00.000Z'],
    ['America/New_York', '2024-11-03 03:00:00', '2024-11-03T08:00:00.000Z'],
    ['America/New_York', '2024-03-09 23:30:00', '2024-03-10T04:30:00.000Z'],
    ['Pacific/Auckland', '2024-04-07 04:00:00', '2024-04-06T16:00:00.000Z'],
    ['Asia/Kolkata', '2024-07-01 12:00:00', '2024-07-01T06:30:00.000Z'],
    ['America/St_Johns', '2024-01-01 12:00:00', '2024-01-01T15:30:00.000Z'],
  ])('reads in zone %s the time %s as %s', (zone, text, instant) => {
    expect(read(zone, text)).toBe(instant);
  });

  it('reads a repeated time as the earlier one', () => {
    expect(read('Europe/Amsterdam', '2024-10-27 02:30:00')).toBe('2024-10-27T00:30:00.000Z');
    expect(read('America/New_York', '2024-11-03 01:30:00')).toBe('2024-11-03T05:30:00.000Z');
  });

  it('reads a skipped time with the offset before the transition', () => {
    expect(read('Europe/Amsterdam', '2024-03-31 02:30:00')).toBe('2024-03-31T01:30:00.000Z');
    expect(read('America/New_York', '2024-03-10 02:30:00')).toBe('2024-03-10T07:30:00.000Z');
  });

  it("computes the zone's offset for every hour of a year", () => {
    const clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Amsterdam',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const toOffset = createZoneOffsets('Europe/Amsterdam');
    const wrong: string[] = [];
    for (let instant = Date.UTC(2024, 0, 1); instant < Date.UTC(2025, 0, 1); instant += 3_600_000) {
      const wall = clock.format(instant);
      const wallMs = Date.parse(`${wall.replace(' ', 'T')}Z`);
      if (clock.format(wallMs - toOffset!(wallMs) * 60_000) !== wall) wrong.push(wall);
    }
    expect(wrong).toEqual([]);
  });

  it('keeps the zone of a time that has one', () => {
    expect(read('Europe/Amsterdam', '2024-07-01T12:00:00Z')).toBe('2024-07-01T12:00:00.000Z');
  });

  it('maps the zero date of a database to null', () => {
    expect(read('Europe/Amsterdam', '0000-00-00 00:00:00')).toBeNull();
  });
});

describe('available actions', () => {
  const names = (status: string, priority: string | null) => {
    const ticket = toTicket(ticketIn(JSON.stringify({ id: 1, status, priority }))!, UTC);
    return (connect().source.actions(ticket, call) as readonly TicketAction[]).map(({ name }) => name);
  };
  const STATUSES = ['new', 'open', 'pending', 'holding', 'solved', 'closed'];
  const PRIORITIES = ['low', 'medium', 'high', 'urgent'];

  it.each(STATUSES)('offers the other five statuses for the status %s', (present) => {
    const expected = STATUSES.filter((word) => word !== present).map((word) => `status.${word}`);
    expect(names(present, null)).toEqual([...expected, ...PRIORITIES.map((word) => `priority.${word}`)]);
  });

  it.each(PRIORITIES)('offers the other three priorities for the priority %s', (present) => {
    const offered = names('new', present).filter((name) => name.startsWith('priority.'));
    expect(offered).toEqual(PRIORITIES.filter((word) => word !== present).map((word) => `priority.${word}`));
  });

  it('offers all actions if status and priority are unknown', () => {
    expect(names('parked', 'dire')).toHaveLength(10);
  });

  it("lists each action's mutation, resulting category and label", () => {
    const ticket = toTicket(ticketIn('{"id":1,"status":"new","priority":"low"}')!, UTC);
    const actions = connect().source.actions(ticket, call) as readonly TicketAction[];
    expect(actions.find(({ name }) => name === 'status.holding')).toEqual({
      __typename: 'OmnideskAction',
      name: 'status.holding',
      label: 'Mark as on hold',
      mutation: 'setStatus',
      inputs: [],
      resultingCategory: 'ON_HOLD',
    });
    expect(actions.find(({ name }) => name === 'priority.urgent')).toEqual({
      __typename: 'OmnideskAction',
      name: 'priority.urgent',
      label: 'Set priority to urgent',
      mutation: 'setPriority',
      inputs: [],
      resultingCategory: null,
    });
  });
});

describe('lists', () => {
  const ENTRIES = '[{"id":2,"status":"open"},{"id":"multi"},"x",{"id":1,"status":"new"}]';

  it.each([
    ['items and total', `{"type":"items","items":${ENTRIES},"total":9}`, 9],
    ['item and totalCount', `{"item":${ENTRIES},"totalCount":"9"}`, 9],
    ['result and count', `{"result":${ENTRIES},"count":9}`, 9],
    ['data without a count', `{"data":${ENTRIES}}`, null],
    ['a count that is none', `{"items":${ENTRIES},"total":"many"}`, null],
    ['no envelope', ENTRIES, null],
  ])('reads %s, and skips entries that are not tickets', (_, text, total) => {
    const list = parseTicketList(parseJson(text));
    expect(list.tickets.map(({ id }) => id)).toEqual(['2', '1']);
    expect(list.total).toBe(total);
    expect(list).toMatchObject({ rowCount: 4, rowIndexes: [0, 3] });
  });

  it.each([
    ['an object whose keys are digits', '{"items":{"0":{"id":2},"3":{"id":1}},"total":9}', ['2', '1']],
    ['such an object without an envelope', '{"0":{"id":2},"3":{"id":1}}', ['2', '1']],
    ['one ticket by itself', '{"type":"list","items":{"id":2}}', ['2']],
    ['one ticket without an envelope', '{"id":2,"status":"open"}', ['2']],
    ['the member that holds something', '{"items":null,"data":[{"id":2}]}', ['2']],
    ['null', '{"items":null,"total":0}', []],
    ['an empty object', '{"items":{}}', []],
    ['a missing member', '{"type":"list","total":0}', []],
    ['an empty answer', '{}', []],
    ['null without an envelope', 'null', []],
  ])('reads a list from %s', (_, text, ids) => {
    expect(parseTicketList(parseJson(text)).tickets.map(({ id }) => id)).toEqual(ids);
  });

  it.each(['', '<html>', '{"items":"x"}', '{"items":7}', '7', '{"tickets":[]}', '{"items":{"title":"x"}}'])(
    'rejects %j as a list',
    (text) => {
      expect(() => parseTicketList(parseJson(text))).toThrow(Failure);
    },
  );

  it('sends offset and limit, and omits an empty search', async () => {
    const { source, asked } = connect(answer(`{"items":${ENTRIES},"total":4}`));
    const page = await source.list!({ offset: 0, limit: 25, filter: {} }, call);
    expect(toTarget(asked[0]!)).toBe('/api/v2/ticket?itemStart=0&itemLimit=25');
    expect(page.tickets.map(({ id }) => id)).toEqual(['omnidesk:2', 'omnidesk:1']);
    expect(page).toMatchObject({ totalCount: 4, unapplied: [] });
  });

  it('sends a search to Omnidesk', async () => {
    const { source, asked } = connect(answer('[]'));
    const page = await source.list!({ offset: 50, limit: 200, filter: { search: 'a&b' } }, call);
    expect(toTarget(asked[0]!)).toBe('/api/v2/ticket?query=a%26b&itemStart=50&itemLimit=200');
    expect(page).toEqual({ tickets: [], rowCount: 0, totalCount: null, unapplied: [] });
  });

  it('requests the smallest page for a count', async () => {
    const { source, asked } = connect(answer(`{"items":${ENTRIES},"total":4}`));
    const page = await source.list!({ offset: 0, limit: 0, filter: {} }, call);
    expect(toTarget(asked[0]!)).toBe('/api/v2/ticket?itemStart=0&itemLimit=1');
    expect(page).toMatchObject({ totalCount: 4, unapplied: [] });
  });

  it('reports categories as not applied', async () => {
    const { source, asked } = connect(answer('[]'));
    const page = await source.list!({ offset: 0, limit: 1, filter: { categories: ['CANCELLED', 'OPEN'] } }, call);
    expect(page.unapplied).toEqual(['categories']);
    expect(asked).toHaveLength(1);
  });

  it('makes no call for categories that Omnidesk does not have', async () => {
    const { source, asked } = connect(answer('[]'));
    const page = await source.list!({ offset: 0, limit: 1, filter: { categories: ['CANCELLED'] } }, call);
    expect(page).toEqual({ tickets: [], rowCount: 0, totalCount: 0, unapplied: [], isWhole: true });
    expect(asked).toEqual([]);
  });

  it('fails with the message if a list is an error in a 200', async () => {
    const { source } = connect(answer('{"status":"error","message":"no view"}'));
    await expect(source.list!({ offset: 0, limit: 1, filter: {} }, call)).rejects.toMatchObject({
      details: { kind: 'rejected', upstreamMessage: 'no view' },
    });
  });
});

describe('secrets', () => {
  it('has no key in any planned request', () => {
    const writes = [
      ...plan('setStatus', { status: 'SOLVED' }, ['1']),
      ...plan('setPriority', { priority: 'LOW' }, ['1']),
      ...plan('createTicket', { ticket: { omnidesk: { title: 'x' } } }),
      ...plan('updateTicket', { title: 'x' }, ['1']),
      ...plan('deleteTickets', {}, ['1']),
      ...plan('unlinkCustomer', {}, ['1']),
      ...plan('runBatch', { actions: [{ actionType: 'a', value: 'b' }] }, ['1']),
      ...plan('solveUnfinishedTickets', { confirm: true }),
    ];
    expect(writes).toHaveLength(8);
    expect(JSON.stringify(writes)).not.toContain(KEY);
  });
});
