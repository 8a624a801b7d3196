/** Jifeline's pure parts: what is sent, how responses are parsed, and how tickets and failures are mapped. */
import { describe, expect, it } from 'vitest';
import type {
  RequestScope,
  Planner,
  RejectedPlan,
  Authenticator,
  Ticket,
  Upstream,
  UpstreamAnswer,
  UpstreamRequest,
  Datasource,
  Write,
} from '../../datasources/contract.ts';
import { toFailure, toSignInFailure } from '../../datasources/jifeline/failure.ts';
import { jifeline } from '../../datasources/jifeline/index.ts';
import { toTicket as toTicketOf } from '../../datasources/jifeline/mapping.ts';
import { createSignIn } from '../../datasources/jifeline/sign-in.ts';
import { parseCancelReasons, parseLocation, parseTicket, parseTicketList } from '../../datasources/jifeline/wire.ts';
import { Failure, describeRejection } from '../../datasources/vendor-kit/failure.ts';
import { parseJson } from '../../datasources/vendor-kit/json.ts';
import { readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import { toPlain } from '../../datasources/vendor-kit/lazy.ts';

/** A ticket of the default source. */
const toTicket = (wire: Parameters<typeof toTicketOf>[0]) => toTicketOf(wire, 'jifeline');

const ID = '497f6eca-6276-4993-bfeb-53cbbbba6f08';
const OTHER_ID = 'D751D57A-0733-4a09-874a-f41c0ff94e2f';
const PRODUCT = '7bc05553-4b68-44e8-b7bc-37be63c6d9e9';
const PROVIDER = 'bb1d5cca-3595-41db-afc4-9023f6904f93';
const OUTSOURCING = { productIds: [PRODUCT], providerId: PROVIDER };
const OPERATOR = 'fa9de6bb-1df8-4ba6-9e6d-1172fbf7e166';
const BASE = 'https://partner-api.example';
const IN_PROGRESS = '/v2/tickets/in-progress-tickets';

const SAMPLE = {
  id: ID,
  created_at: '2019-08-24T14:15:22Z',
  customer_id: '160c0c4b-9966-4dc1-a916-8407eb10d74e',
  ticket_number: 7440303,
  vehicle_model_id: 0,
  vin: 'JH4KA7630PC007649',
  service_started_at: '2019-08-24T14:15:22Z',
  operator_id: OPERATOR,
  voucher_code: 'WQ4MM3',
  outsourced: true,
  connection_id: 'd3547de1-d1f2-4344-b4c2-17169b7526f9',
};

function createCall(): RequestScope {
  return { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };
}

function answerOf(status: number, body = '', headers: UpstreamAnswer['headers'] = {}): UpstreamAnswer {
  return { status, headers, text: body };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const PROBLEM_TYPE = { 'content-type': 'application/problem+json' };

function json(body: unknown): UpstreamAnswer {
  return answerOf(200, JSON.stringify(body), JSON_TYPE);
}

const MISSING = new Failure({ kind: 'not-found', upstreamStatus: 404 });

/** An upstream that answers by path, 404 where it knows none, and remembers what it was asked. */
function createUpstream(answers: Readonly<Record<string, UpstreamAnswer | Failure>> = {}) {
  const asked: UpstreamRequest[] = [];
  const upstream: Upstream = {
    read: async (request) => {
      asked.push(request);
      const answer = answers[request.path] ?? MISSING;
      if (answer instanceof Failure) throw answer;
      return answer;
    },
  };
  return { asked, upstream, paths: () => asked.map(({ path }) => path) };
}

/** Jifeline, connected to an upstream of that kind. */
function connect(answers: Readonly<Record<string, UpstreamAnswer | Failure>> = {}, url = BASE) {
  const { asked, upstream, paths } = createUpstream(answers);
  const settings = {
    URL: url,
    TOKEN_URL: `${BASE}/oauth2/token`,
    CLIENT_ID: 'id',
    CLIENT_SECRET: 's',
    API_KEY: undefined,
  };
  const source: Datasource = jifeline.connect(settings, {
    sourceKey: 'jifeline',
    connect: () => upstream,
    now: () => 0,
  });
  return { asked, source, paths };
}

/** What a mutation plans for one ticket. */
function plan(
  mutation: string,
  input: object,
  options: { url?: string; call?: RequestScope; source?: Datasource } = {},
) {
  const source = options.source ?? connect({}, options.url).source;
  const planner = source.writes[mutation] as Planner<object>;
  const planned = planner(input, [ID], options.call ?? createCall());
  expect(planned).toHaveLength(1);
  expect(planned[0]!.targets).toEqual([ID]);
  return planned[0]!;
}

function planWrite(...args: Parameters<typeof plan>): Write {
  const planned = plan(...args);
  if (!('request' in planned)) throw new Error(`rejected: ${planned.failure.message}`);
  return planned;
}

function planRejection(...args: Parameters<typeof plan>): RejectedPlan['failure'] {
  const planned = plan(...args);
  if ('request' in planned) throw new Error(`planned: ${planned.request.body}`);
  return planned.failure;
}

const outsourceTo = (more: object = {}): object => ({
  transition: { outsource: { productIds: [PRODUCT], providerId: PROVIDER, ...more } },
});

const COMPLETE = { transition: { complete: {} } };
const CANCEL = { transition: { cancel: {} } };

describe('transition request', () => {
  it('sends a transition as a PATCH of the ticket in progress, in JSON', () => {
    expect(planWrite('transitionInProgress', outsourceTo()).request).toEqual({
      method: 'PATCH',
      path: `${IN_PROGRESS}/${ID}`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: `{"transition":{"type":"outsource","product_ids":["${PRODUCT}"],"provider_id":"${PROVIDER}"}}`,
    });
  });

  it.each([
    ['COMPLETE', 'complete'],
    ['Cancel', 'cancel'],
  ])('sends the same request for the action %s as for %s', (action, name) => {
    const write = planWrite('executeAction', { action });
    expect(write.request).toEqual(planWrite('executeAction', { action: name }).request);
    expect(write.interpret(answerOf(204, ''))).toMatchObject({ kind: 'accepted', transition: { action: name } });
  });

  it.each([
    ['complete', { extra: { note: 'ok', parts: [1, null] } }],
    ['complete', { extra: null }],
    ['cancel', { cancelReasonId: 3, extra: { note: 'x', nested: { a: {} } } }],
    ['cancel', { extra: { cancel_reason_id: '4' } }],
    ['outsource', OUTSOURCING],
    ['outsource', { ...OUTSOURCING, allowCustomerChatWriteAccess: false, shareCustomerInformation: true }],
  ])('sends the same request in executeAction and transitionInProgress: %s with %j', (verb, inputs) => {
    expect(planWrite('executeAction', { action: verb, inputs }).request).toEqual(
      planWrite('transitionInProgress', { transition: { [verb]: inputs } }).request,
    );
  });

  it('sends optional booleans only if given, including false', () => {
    const both = outsourceTo({ allowCustomerChatWriteAccess: true, shareCustomerInformation: false });
    expect(planWrite('transitionInProgress', both).request.body).toBe(
      `{"transition":{"type":"outsource","product_ids":["${PRODUCT}"],"provider_id":"${PROVIDER}",` +
        `"allow_customer_chat_write_access":true,"share_customer_information":false}}`,
    );
    const none = outsourceTo({ allowCustomerChatWriteAccess: null, shareCustomerInformation: undefined });
    expect(planWrite('transitionInProgress', none).request.body).not.toMatch(/allow|share/);
  });

  it.each([
    [{ complete: {} }, '{"transition":{"type":"complete"}}'],
    [{ complete: { extra: { note: 'ok', parts: [1] } } }, '{"transition":{"type":"complete","note":"ok","parts":[1]}}'],
    [{ cancel: {} }, '{"transition":{"type":"cancel"}}'],
    [{ cancel: { cancelReasonId: 0 } }, '{"transition":{"type":"cancel","cancel_reason_id":0}}'],
    [{ cancel: { cancelReasonId: null, extra: null } }, '{"transition":{"type":"cancel"}}'],
    [
      { cancel: { cancelReasonId: 3, extra: { note: 'x' } } },
      '{"transition":{"type":"cancel","cancel_reason_id":3,"note":"x"}}',
    ],
    [{ cancel: { extra: { cancel_reason_id: 4 } } }, '{"transition":{"type":"cancel","cancel_reason_id":4}}'],
  ])('sends for %j the body %s', (transition, body) => {
    expect(planWrite('transitionInProgress', { transition }).request.body).toBe(body);
  });

  it('sends a cancel reason as a number, even if given as a string', () => {
    const { request } = planWrite('executeAction', { action: 'cancel', inputs: { cancelReasonId: '3' } });
    expect(request.body).toBe('{"transition":{"type":"cancel","cancel_reason_id":3}}');
  });

  it('plans one transition per ticket', () => {
    const planner = connect().source.writes['setStatus'] as Planner<object>;
    const planned = planner({ status: 'SOLVED' }, [ID, OTHER_ID], createCall()) as Write[];
    expect(planned.map(({ targets }) => targets)).toEqual([[ID], [OTHER_ID]]);
    expect(planned.map(({ request }) => request.path)).toEqual([`${IN_PROGRESS}/${ID}`, `${IN_PROGRESS}/${OTHER_ID}`]);
  });

  it.each([
    ['SOLVED', 'complete'],
    ['CLOSED', 'complete'],
    ['CANCELLED', 'cancel'],
  ])('maps the status %s to the transition %s', (status, verb) => {
    expect(planWrite('setStatus', { status }).request.body).toBe(`{"transition":{"type":"${verb}"}}`);
  });

  it.each(['NEW', 'OPEN', 'PENDING', 'ON_HOLD'])('rejects the status %s, and names the mutation to use', (status) => {
    const failure = planRejection('setStatus', { status });
    expect(failure).toMatchObject({ kind: 'unsupported', field: ['status'] });
    expect(failure.message).toContain('transitionInProgress');
  });
});

describe('input validation', () => {
  it.each([
    ['no products', outsourceTo({ productIds: [] }), ['transition', 'outsource', 'productIds']],
    [
      'a product that is no UUID',
      outsourceTo({ productIds: [PRODUCT, 'x'] }),
      ['transition', 'outsource', 'productIds', '1'],
    ],
    [
      'a provider that is no UUID',
      outsourceTo({ providerId: `${PROVIDER}/..` }),
      ['transition', 'outsource', 'providerId'],
    ],
    ['an empty provider', outsourceTo({ providerId: '' }), ['transition', 'outsource', 'providerId']],
    [
      'a negative cancel reason',
      { transition: { cancel: { cancelReasonId: -1 } } },
      ['transition', 'cancel', 'cancelReasonId'],
    ],
    [
      'another type for complete',
      { transition: { complete: { extra: { type: 'outsource' } } } },
      ['transition', 'complete', 'extra', 'type'],
    ],
    [
      'another type for cancel',
      { transition: { cancel: { extra: { type: 'cancel' } } } },
      ['transition', 'cancel', 'extra', 'type'],
    ],
    [
      'two cancel reasons',
      { transition: { cancel: { cancelReasonId: 1, extra: { cancel_reason_id: 2 } } } },
      ['transition', 'cancel', 'extra', 'cancel_reason_id'],
    ],
    ['no transition', { transition: {} }, ['transition']],
  ])('rejects an input: %s', (_, input, field) => {
    expect(planRejection('transitionInProgress', input)).toMatchObject({ kind: 'invalid-input', field });
  });

  it.each([
    ['an action that Jifeline does not know', { action: 'resolve' }, ['action']],
    ['the name of a property that every object has', { action: 'constructor' }, ['action']],
    ['an action with a space', { action: 'complete ' }, ['action']],
    [
      'an outsourcing without products',
      { action: 'outsource', inputs: { providerId: PROVIDER } },
      ['inputs', 'productIds'],
    ],
    [
      'an outsourcing without provider',
      { action: 'outsource', inputs: { productIds: [PRODUCT] } },
      ['inputs', 'providerId'],
    ],
    [
      'a boolean as text',
      {
        action: 'outsource',
        inputs: { productIds: [PRODUCT], providerId: PROVIDER, shareCustomerInformation: 'true' },
      },
      ['inputs', 'shareCustomerInformation'],
    ],
    [
      'an input that the action does not take',
      { action: 'complete', inputs: { cancelReasonId: 1 } },
      ['inputs', 'cancelReasonId'],
    ],
    ['more of an outsourcing', { action: 'outsource', inputs: { ...OUTSOURCING, extra: {} } }, ['inputs', 'extra']],
    ['extra that is a list', { action: 'complete', inputs: { extra: [] } }, ['inputs', 'extra']],
    ['extra that is text', { action: 'cancel', inputs: { extra: '{}' } }, ['inputs', 'extra']],
    ['another type in extra', { action: 'complete', inputs: { extra: { type: 'x' } } }, ['inputs', 'extra', 'type']],
    [
      'the reason in extra as well',
      { action: 'cancel', inputs: { cancelReasonId: 1, extra: { cancel_reason_id: 2 } } },
      ['inputs', 'extra', 'cancel_reason_id'],
    ],
    ['a cancel reason in words', { action: 'cancel', inputs: { cancelReasonId: 'x' } }, ['inputs', 'cancelReasonId']],
    [
      'a cancel reason beyond 32 bits',
      { action: 'cancel', inputs: { cancelReasonId: 2 ** 31 } },
      ['inputs', 'cancelReasonId'],
    ],
    ['no operator', { action: 'assignOperator', inputs: {} }, ['inputs', 'operatorId']],
    ['no inputs where an operator is needed', { action: 'assignOperator', inputs: null }, ['inputs', 'operatorId']],
  ])('rejects an input: %s', (_, input, field) => {
    expect(planRejection('executeAction', input)).toMatchObject({ kind: 'invalid-input', field });
  });

  it('rejects an operator that is not a UUID', () => {
    expect(planRejection('assignOperator', { operatorId: '١٢٣' })).toMatchObject({
      kind: 'invalid-input',
      field: ['operatorId'],
    });
  });
});

describe('executeAction requests', () => {
  it.each([
    [
      {
        action: 'outsource',
        inputs: { productIds: [PRODUCT], providerId: PROVIDER, allowCustomerChatWriteAccess: false },
      },
      'PATCH',
      `{"transition":{"type":"outsource","product_ids":["${PRODUCT}"],"provider_id":"${PROVIDER}",` +
        '"allow_customer_chat_write_access":false}}',
    ],
    [{ action: 'complete' }, 'PATCH', '{"transition":{"type":"complete"}}'],
    [
      { action: 'cancel', inputs: { cancelReasonId: 3 } },
      'PATCH',
      '{"transition":{"type":"cancel","cancel_reason_id":3}}',
    ],
    [{ action: 'assignOperator', inputs: { operatorId: OPERATOR } }, 'PUT', `{"operator_id":"${OPERATOR}"}`],
  ])('sends for %j a %s of %s', (input, method, body) => {
    expect(planWrite('executeAction', input).request).toMatchObject({ method, path: `${IN_PROGRESS}/${ID}`, body });
  });
});

describe('response to a transition', () => {
  const interpret = (input: object, answer: UpstreamAnswer) =>
    planWrite('transitionInProgress', input).interpret(answer);

  it.each([
    [outsourceTo(), 'outsourced', 'ON_HOLD', 'OutsourceTransition', 'outsource'],
    [COMPLETE, 'closed', 'CLOSED', 'CompleteTransition', 'complete'],
    [CANCEL, 'cancelled', 'CANCELLED', 'CancelTransition', 'cancel'],
  ])('accepts a transition with status 303 and the new location', (input, raw, category, __typename, action) => {
    const location = `/v2/tickets/${raw}-tickets/${OTHER_ID}`;
    expect(interpret(input, answerOf(303, '<p>See other</p>', { location }))).toEqual({
      kind: 'accepted',
      nativeId: OTHER_ID,
      transition: {
        __typename,
        action,
        to: { __typename: 'TicketStatus', category, raw },
        location,
        movedToId: `jifeline:${OTHER_ID}`,
      },
    });
  });

  it('reports the status by the location, not by the requested transition', () => {
    const result = interpret(COMPLETE, answerOf(303, '', { location: `/v2/tickets/cancelled-tickets/${ID}` }));
    expect(result).toMatchObject({
      transition: { action: 'complete', to: { category: 'CANCELLED', raw: 'cancelled' } },
    });
  });

  it.each([
    ['303 without Location', answerOf(303)],
    ['303 to another origin', answerOf(303, '', { location: `https://evil.example/v2/tickets/closed-tickets/${ID}` })],
    ['303 to another shape', answerOf(303, '', { location: `/v2/tickets/closed-tickets/${ID}/messages` })],
    ['303 with two Locations', answerOf(303, '', { location: ['/a', '/b'] })],
    ['204', answerOf(204)],
    ['200 with nothing', answerOf(200)],
    ['200 with a JSON object', answerOf(200, '{"id":1}', JSON_TYPE)],
    ['200 with a JSON object of no type', answerOf(200, '{}')],
  ])('accepts a transition with %s, without a location', (_, answer) => {
    const result = interpret(COMPLETE, answer);
    expect(result).toEqual({
      kind: 'accepted',
      transition: {
        __typename: 'CompleteTransition',
        action: 'complete',
        to: { __typename: 'TicketStatus', category: 'CLOSED', raw: 'closed' },
        location: null,
        movedToId: null,
      },
    });
  });

  it.each([
    ['200 with HTML', answerOf(200, '<html></html>', { 'content-type': 'text/html' })],
    ['200 with HTML that calls itself JSON', answerOf(200, '<html></html>', JSON_TYPE)],
    ['200 with JSON that calls itself HTML', answerOf(200, '{}', { 'content-type': 'text/html; charset=utf-8' })],
    ['200 with a problem report', answerOf(200, '{"status":400}', PROBLEM_TYPE)],
    ['200 with a bare JSON value', answerOf(200, '"done"', JSON_TYPE)],
    ['200 with a list', answerOf(200, '[]', JSON_TYPE)],
    ['201', answerOf(201, '{}', JSON_TYPE)],
    ['202', answerOf(202)],
    ['301', answerOf(301, '', { location: `/v2/tickets/closed-tickets/${ID}` })],
    ['302', answerOf(302, '', { location: `/v2/tickets/closed-tickets/${ID}` })],
    ['307', answerOf(307, '', { location: `/v2/tickets/in-progress-tickets/${ID}` })],
    ['304', answerOf(304)],
  ])('is inconclusive with %s', (_, answer) => {
    expect(interpret(COMPLETE, answer)).toEqual({ kind: 'inconclusive', why: expect.stringMatching(/./) });
  });

  it('returns an ActionTransition for executeAction and a StatusTransition for setStatus', () => {
    const answer = answerOf(303, '', { location: `/v2/tickets/closed-tickets/${ID}` });
    const to = { __typename: 'TicketStatus', category: 'CLOSED', raw: 'closed' };
    expect(planWrite('executeAction', { action: 'complete' }).interpret(answer)).toEqual({
      kind: 'accepted',
      nativeId: ID,
      transition: { __typename: 'ActionTransition', action: 'complete', to, state: null },
    });
    expect(planWrite('setStatus', { status: 'SOLVED' }).interpret(answer)).toEqual({
      kind: 'accepted',
      nativeId: ID,
      transition: { __typename: 'StatusTransition', action: 'complete', to },
    });
  });

  it.each([
    ['executeAction', { action: 'complete', comment: 'thanks' }],
    ['executeAction', { action: 'assignOperator', inputs: { operatorId: OPERATOR }, comment: 'thanks' }],
    ['setStatus', { status: 'CANCELLED', comment: 'thanks' }],
  ])('reports for %s that the comment was not sent', (mutation, input) => {
    const write = planWrite(mutation, input);
    expect(write.request.body).not.toContain('thanks');
    expect(write.notice).toMatchObject({ kind: 'unsupported', field: ['comment'] });
    expect(planWrite(mutation, { ...input, comment: '' }).notice).toBeUndefined();
  });
});

describe('response to an assignment', () => {
  const interpret = (answer: UpstreamAnswer) => planWrite('assignOperator', { operatorId: OPERATOR }).interpret(answer);

  it('accepts an assignment whose response is the ticket as JSON', () => {
    expect(interpret(json(SAMPLE))).toEqual({
      kind: 'accepted',
      transition: {
        __typename: 'ActionTransition',
        action: 'assignOperator',
        to: { __typename: 'TicketStatus', category: 'OPEN', raw: 'in-progress' },
        state: null,
      },
    });
    expect(interpret(answerOf(200, JSON.stringify({ id: ID }), JSON_TYPE))).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['nothing', answerOf(200)],
    ['204', answerOf(204)],
    ['HTML', answerOf(200, '<html></html>', { 'content-type': 'text/html' })],
    ['an object without id', json({ operator_id: OPERATOR })],
    ['an object whose id is no UUID', json({ id: 'x' })],
    ['a list', json([SAMPLE])],
    ['a problem report', answerOf(200, JSON.stringify(SAMPLE), PROBLEM_TYPE)],
    ['the ticket with 201', answerOf(201, JSON.stringify(SAMPLE), JSON_TYPE)],
    ['a redirect', answerOf(303, JSON.stringify(SAMPLE), { ...JSON_TYPE, location: `${IN_PROGRESS}/${ID}` })],
  ])("is inconclusive if an assignment's response is %s", (_, answer) => {
    expect(interpret(answer)).toEqual({ kind: 'inconclusive', why: expect.stringMatching(/./) });
  });
});

describe('verification after an unknown outcome', () => {
  const verify = (mutation: string, input: object, answers: Parameters<typeof connect>[0]) => {
    const { source, paths } = connect(answers);
    const write = planWrite(mutation, input, { source });
    return { found: write.verify!(ID, createCall()), paths };
  };

  it.each([
    [outsourceTo(), 'outsourced', 'OutsourceTransition'],
    [COMPLETE, 'closed', 'CompleteTransition'],
    [CANCEL, 'cancelled', 'CancelTransition'],
  ])('verifies a transition only in its target collection', async (input, collection, __typename) => {
    const path = `/v2/tickets/${collection}-tickets/${ID}`;
    const { found, paths } = verify('transitionInProgress', input, { [path]: json(SAMPLE) });
    expect(await found).toMatchObject({
      transition: { __typename, to: { raw: collection }, location: null, movedToId: null },
      nativeId: ID,
    });
    expect(paths()).toEqual([path]);
  });

  it('does not verify a transition by a ticket in another collection', async () => {
    const elsewhere = { [`${IN_PROGRESS}/${ID}`]: json(SAMPLE), [`/v2/tickets/cancelled-tickets/${ID}`]: json(SAMPLE) };
    expect(await verify('transitionInProgress', COMPLETE, elsewhere).found).toBeUndefined();
  });

  it('does not verify a transition if the read is rejected', async () => {
    const forbidden = new Failure({ kind: 'forbidden' });
    const { found } = verify('setStatus', { status: 'CLOSED' }, { [`/v2/tickets/closed-tickets/${ID}`]: forbidden });
    await expect(found).rejects.toBe(forbidden);
  });

  it('verifies an assignment by the operator, ignoring case', async () => {
    const path = `${IN_PROGRESS}/${ID}`;
    const assign = { operatorId: OPERATOR.toUpperCase() };
    const said = planWrite('assignOperator', assign).interpret(json(SAMPLE));
    expect({ kind: 'accepted', ...(await verify('assignOperator', assign, { [path]: json(SAMPLE) }).found) }).toEqual(
      said,
    );
    expect(await verify('assignOperator', { operatorId: PROVIDER }, { [path]: json(SAMPLE) }).found).toBeUndefined();
    expect(await verify('assignOperator', assign, { [path]: json({ id: ID }) }).found).toBeUndefined();
    expect(await verify('assignOperator', assign, {}).found).toBeUndefined();
  });

  it('requires a read before a 404 for a write counts, since a moved ticket returns it as well', () => {
    expect(planWrite('transitionInProgress', COMPLETE).kindIfTicketExists).toBe('illegal-action');
    expect(planWrite('assignOperator', { operatorId: OPERATOR }).kindIfTicketExists).toBe('illegal-action');
  });
});

describe('Location of a 303', () => {
  const PATH = `/v2/tickets/closed-tickets/${ID}`;

  it.each(['pending', 'outsourced', 'closed', 'cancelled', 'in-progress'])(
    'accepts a Location among the %s tickets',
    (collection) => {
      const path = `/v2/tickets/${collection}-tickets/${OTHER_ID}`;
      expect(parseLocation(path, BASE)).toEqual({ path, collection, id: OTHER_ID });
    },
  );

  it.each([
    ['an address of the same origin', `${BASE}${PATH}`, BASE, PATH],
    ['the same origin with its default port', `HTTPS://PARTNER-API.example:443${PATH}`, BASE, PATH],
    ['a path below the prefix of the base address', `/gate${PATH}`, `${BASE}/gate`, `/gate${PATH}`],
    ['an address below that prefix', `${BASE}/gate${PATH}`, `${BASE}/gate`, `/gate${PATH}`],
    ["Jifeline's own path, although the base address has a prefix", PATH, `${BASE}/gate`, PATH],
  ])('accepts a Location that is %s', (_, header, base, path) => {
    expect(parseLocation(header, base)).toEqual({ path, collection: 'closed', id: ID });
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['a list', [PATH]],
    ['of another host', `https://evil.example${PATH}`],
    ['of another scheme', `http://partner-api.example${PATH}`],
    ['of another port', `https://partner-api.example:8443${PATH}`],
    ['of a host that only begins alike', `${BASE}.evil.example${PATH}`],
    ['of another host behind credentials', `https://partner-api.example@evil.example${PATH}`],
    ['with credentials', `https://user@partner-api.example${PATH}`],
    ['relative to the scheme', `//partner-api.example${PATH}`],
    ['relative to the scheme, with backslashes', `\\\\evil.example${PATH}`],
    ['of another scheme altogether', `javascript:${PATH}`],
    ['relative to the path', PATH.slice(1)],
    ['with a query', `${PATH}?next=1`],
    ['with a fragment', `${PATH}#x`],
    ['with a slash at its end', `${PATH}/`],
    ['with dot segments', `/v2/tickets/closed-tickets/../closed-tickets/${ID}`],
    ['with encoded dot segments', `/v2/%2e%2e/v2/tickets/closed-tickets/${ID}`],
    ['with a backslash', `/v2/tickets\\closed-tickets/${ID}`],
    ['below a path that is not the prefix', `/other${PATH}`],
    ['of another collection', `/v2/tickets/prepared-tickets/${ID}`],
    ['of a collection in capitals', `/v2/tickets/Closed-tickets/${ID}`],
    ['without an id', '/v2/tickets/closed-tickets'],
    ['with an id that is no UUID', '/v2/tickets/closed-tickets/7440303'],
    ['with something before it', ` ${PATH}`],
    ['with a line break', `${PATH}\n`],
  ])('ignores a Location that is %s', (_, header) => {
    expect(parseLocation(header, BASE)).toBeUndefined();
  });
});

describe('findTicket', () => {
  const at = (collection: string): string => `/v2/tickets/${collection}-tickets/${ID}`;
  const ORDER = ['in-progress', 'outsourced', 'closed', 'cancelled', 'pending'];

  it.each(ORDER.map((collection, index) => [collection, index] as const))(
    'finds a ticket among the %s tickets',
    async (collection, index) => {
      const { source, paths } = connect({ [at(collection)]: json(SAMPLE) });
      expect(await source.find(ID, createCall())).toMatchObject({ id: `jifeline:${ID}`, state: collection });
      expect(paths()).toEqual(ORDER.slice(0, index + 1).map(at));
    },
  );

  it('finds no ticket after five 404 responses', async () => {
    const { source, paths } = connect();
    expect(await source.find(ID, createCall())).toBeUndefined();
    expect(paths()).toEqual(ORDER.map(at));
  });

  it('fails if one of the collections cannot be read', async () => {
    const { source } = connect({ [at('closed')]: new Failure({ kind: 'unavailable' }) });
    await expect(source.find(ID, createCall())).rejects.toMatchObject({ details: { kind: 'unavailable' } });
  });

  it('reads a ticket from a list of one', async () => {
    for (const body of [[SAMPLE], { 0: SAMPLE }]) {
      const { source, paths } = connect({ [at('in-progress')]: json(body) });
      expect(await source.find(ID, createCall())).toMatchObject({ nativeId: ID });
      expect(paths()).toEqual([at('in-progress')]);
    }
  });

  it.each(['[]', '{}', 'null'])('looks in the other collections after %s', async (text) => {
    const { source, paths } = connect({ [at('in-progress')]: answerOf(200, text), [at('outsourced')]: json(SAMPLE) });
    expect(await source.find(ID, createCall())).toMatchObject({ nativeId: ID, state: 'outsourced' });
    expect(paths()).toEqual([at('in-progress'), at('outsourced')]);
  });

  it('fails with protocol if the response is not a ticket', async () => {
    const { source } = connect({ [at('in-progress')]: json({ ticket_number: 1 }) });
    await expect(source.find(ID, createCall())).rejects.toMatchObject({ details: { kind: 'protocol' } });
  });

  it('looks first in the location of a 303 of the same request, and only in that request', async () => {
    const { source, paths, asked } = connect({ [at('cancelled')]: json(SAMPLE) });
    const call = createCall();
    planWrite('transitionInProgress', CANCEL, { source, call }).interpret(
      answerOf(303, '', { location: at('cancelled') }),
    );
    await source.find(ID, { ...call });
    expect(paths()).toEqual([at('cancelled')]);
    asked.length = 0;
    await source.find(ID, createCall());
    expect(paths()).toEqual(['in-progress', 'outsourced', 'closed', 'cancelled'].map(at));
  });

  it("looks first in the ticket's own location, however many tickets moved in the request", async () => {
    const places = [at('cancelled'), `/v2/tickets/closed-tickets/${OTHER_ID}`];
    const { source, paths } = connect(Object.fromEntries(places.map((place) => [place, json(SAMPLE)])));
    const call = createCall();
    const write = planWrite('transitionInProgress', CANCEL, { source, call });
    places.forEach((location) => write.interpret(answerOf(303, '', { location })));
    await source.find(ID, call);
    await source.find(OTHER_ID, call);
    expect(paths()).toEqual(places);
  });

  it('looks in each other collection once if the location was wrong', async () => {
    const { source, paths } = connect();
    const call = createCall();
    planWrite('transitionInProgress', COMPLETE, { source, call }).interpret(
      answerOf(303, '', { location: at('closed') }),
    );
    expect(await source.find(ID, call)).toBeUndefined();
    expect(paths()).toEqual(['closed', 'in-progress', 'outsourced', 'cancelled', 'pending'].map(at));
  });

  it('looks first in the collection where a verification found the ticket', async () => {
    const { source, paths, asked } = connect({ [at('outsourced')]: json(SAMPLE) });
    const call = createCall();
    await planWrite('transitionInProgress', outsourceTo(), { source, call }).verify!(ID, call);
    asked.length = 0;
    await source.find(ID, call);
    expect(paths()).toEqual([at('outsourced')]);
  });
});

describe('findByNumber', () => {
  it('looks by ticket_number in progress, then outsourced', async () => {
    const { source, asked } = connect({
      [IN_PROGRESS]: json({ result: [], total: 0 }),
      '/v2/tickets/outsourced-tickets': json({ result: [SAMPLE], total: 1 }),
    });
    expect(await source.findByReference!('7440303', createCall())).toMatchObject({ state: 'outsourced' });
    expect(asked.map(({ path, query }) => [path, query])).toEqual([
      [IN_PROGRESS, [['ticket_number', '7440303']]],
      ['/v2/tickets/outsourced-tickets', [['ticket_number', '7440303']]],
    ]);
  });

  it('ignores tickets with other numbers, in case the filter is not applied', async () => {
    const { source } = connect({
      [IN_PROGRESS]: json({ result: [{ ...SAMPLE, ticket_number: 1 }], total: 1 }),
      '/v2/tickets/outsourced-tickets': json({ result: [], total: 0 }),
    });
    expect(await source.findByReference!('7440303', createCall())).toBeUndefined();
  });

  it('accepts any 64-bit number as a reference', () => {
    for (const text of ['0', '7440303', '9007199254740993']) expect(jifeline.isReference(text)).toBe(true);
    for (const text of ['', '007', '-1', '1.5', '1e3', '12345678901234567890', ' 1', '٧', ID]) {
      expect(jifeline.isReference(text)).toBe(false);
    }
  });
});

describe('ticket list', () => {
  const LISTED = { [IN_PROGRESS]: json({ query: { limit: 2, offset: 4 }, result: [SAMPLE, { vin: 'x' }], total: 17 }) };

  it('lists the tickets in progress by limit and offset, and skips entries without an id', async () => {
    const { source, asked } = connect(LISTED);
    const page = await source.list!({ offset: 4, limit: 2, filter: {} }, createCall());
    expect(page).toMatchObject({ tickets: [{ id: `jifeline:${ID}`, state: 'in-progress' }], totalCount: 17 });
    expect(page).toMatchObject({ tickets: { length: 1 }, rowCount: 2, rowIndexes: [0] });
    expect(asked).toEqual([
      {
        method: 'GET',
        path: IN_PROGRESS,
        query: [
          ['limit', '2'],
          ['offset', '4'],
        ],
        headers: { accept: 'application/json' },
      },
    ]);
  });

  it('reports that search is not supported, and sends none', async () => {
    const { source, asked } = connect(LISTED);
    const filter = { search: '7440303', categories: ['CLOSED', 'OPEN'] } as const;
    expect(await source.list!({ offset: 0, limit: 2, filter }, createCall())).toMatchObject({ unapplied: ['search'] });
    expect(asked[0]!.query).toEqual([
      ['limit', '2'],
      ['offset', '0'],
    ]);
  });

  it('returns an empty list without a call if no ticket in progress can match', async () => {
    const { source, asked } = connect(LISTED);
    const filter = { categories: ['NEW', 'CLOSED'] } as const;
    expect(await source.list!({ offset: 0, limit: 2, filter }, createCall())).toEqual({
      tickets: [],
      rowCount: 0,
      totalCount: 0,
      unapplied: [],
      isWhole: true,
    });
    expect(asked).toEqual([]);
  });

  it.each([
    [undefined, 1_000],
    [2_000_000, 1_000],
    [500_000, 250],
    [1_000, 1],
  ])('limits pages for responses of at most %s bytes to %i tickets', (maximumBytes, limit) => {
    const tools = {
      sourceKey: 'jifeline',
      connect: () => ({ read: () => Promise.reject(new Error('not asked')) }),
      now: () => 0,
    };
    const given = { URL: BASE, TOKEN_URL: BASE, CLIENT_ID: 'id', CLIENT_SECRET: 's', API_KEY: undefined };
    const source = jifeline.connect(given, { ...tools, ...(maximumBytes !== undefined && { maximumBytes }) });
    expect(source.pageLimit).toBe(limit);
  });

  it('requests the count alone with a limit of 0', async () => {
    const { source, asked } = connect({ [IN_PROGRESS]: json({ result: [], total: 17 }) });
    expect(await source.list!({ offset: 0, limit: 0, filter: {} }, createCall())).toMatchObject({ totalCount: 17 });
    expect(asked[0]!.query).toEqual([
      ['limit', '0'],
      ['offset', '0'],
    ]);
  });

  it('returns no count if the total is missing or exceeds 32 bits', () => {
    expect(parseTicketList(parseJson('{"result":[],"total":9007199254740993}'), 'in-progress').total).toBeNull();
    expect(parseTicketList(parseJson('{"result":[],"total":2147483648}'), 'in-progress').total).toBeNull();
    expect(parseTicketList(parseJson('{"result":[]}'), 'in-progress').total).toBeNull();
    expect(parseTicketList(parseJson('{"result":[],"total":2147483647}'), 'in-progress').total).toBe(2147483647);
  });

  it.each([
    '{"result":null,"total":0}',
    '{"result":[]}',
    '{"result":{}}',
    '{"query":{"limit":25},"total":0}',
    '{}',
    '[]',
    'null',
  ])('reads an empty list from %j', (body) => {
    expect(parseTicketList(parseJson(body), 'in-progress').tickets).toEqual([]);
  });

  it.each([
    ['an object whose keys are digits', { result: { 0: SAMPLE, 2: { ...SAMPLE, id: OTHER_ID } } }, [ID, OTHER_ID]],
    ['one ticket by itself', { result: SAMPLE }, [ID]],
    ['no envelope', [SAMPLE], [ID]],
    ['no envelope, one ticket by itself', SAMPLE, [ID]],
  ])('reads a list from %s', (_, body, ids) => {
    expect(parseTicketList(body, 'in-progress').tickets.map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    '',
    '<html>',
    '7',
    '{"result":"none"}',
    '{"result":7}',
    '{"result":true}',
    '{"tickets":[]}',
    '{"result":{"id":7}}',
  ])('fails with protocol for the list %j', (body) => {
    expect(() => parseTicketList(parseJson(body), 'in-progress')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ kind: 'protocol' }) }),
    );
  });
});

describe('Jifeline ticket', () => {
  const toOurs = (body: object | string, collection: Parameters<typeof parseTicket>[1] = 'in-progress') => {
    const wire = parseTicket(typeof body === 'string' ? parseJson(body) : body, collection);
    return wire ? toTicket(wire) : undefined;
  };

  it('maps every documented field of a ticket', () => {
    expect(toPlain(toOurs(SAMPLE)!)).toEqual({
      __typename: 'JifelineTicket',
      id: `jifeline:${ID}`,
      vendor: 'JIFELINE',
      nativeId: ID,
      reference: '7440303',
      title: null,
      status: { __typename: 'TicketStatus', category: 'OPEN', raw: 'in-progress' },
      createdAt: '2019-08-24T14:15:22.000Z',
      updatedAt: null,
      state: 'in-progress',
      ticketNumber: '7440303',
      customerId: '160c0c4b-9966-4dc1-a916-8407eb10d74e',
      vehicleModelId: '0',
      vin: 'JH4KA7630PC007649',
      serviceStartedAt: '2019-08-24T14:15:22.000Z',
      operatorId: OPERATOR,
      voucherCode: 'WQ4MM3',
      outsourced: true,
      connectionId: 'd3547de1-d1f2-4344-b4c2-17169b7526f9',
      outsourceProviderId: null,
      outsourceTicketId: null,
      reclaimable: null,
      finishedAt: null,
      cancelReasonId: null,
      externallyProcessed: null,
      externalReference: null,
      vehicleBatteryVoltage: null,
    });
  });

  it('maps the fields of the other collections', () => {
    const outsourced = {
      ...SAMPLE,
      outsource_provider_id: PROVIDER,
      outsource_ticket_id: OTHER_ID,
      reclaimable: false,
    };
    expect(toOurs(outsourced, 'outsourced')).toMatchObject({
      outsourceProviderId: PROVIDER,
      outsourceTicketId: OTHER_ID,
      reclaimable: false,
    });
    const cancelled = {
      ...SAMPLE,
      operator_id: null,
      finished_at: '2019-08-24T16:15:22+02:00',
      cancel_reason_id: 0,
      externally_processed: true,
      external_reference: 'A-1',
      vehicle_battery_voltage: '12v',
    };
    expect(toOurs(cancelled, 'cancelled')).toMatchObject({
      operatorId: null,
      finishedAt: '2019-08-24T14:15:22.000Z',
      cancelReasonId: '0',
      externallyProcessed: true,
      externalReference: 'A-1',
      vehicleBatteryVoltage: '12v',
    });
  });

  it.each([
    ['pending', 'NEW'],
    ['in-progress', 'OPEN'],
    ['outsourced', 'ON_HOLD'],
    ['closed', 'CLOSED'],
    ['cancelled', 'CANCELLED'],
  ] as const)('maps the collection %s to %s', (collection, category) => {
    expect(toOurs(SAMPLE, collection)).toMatchObject({ state: collection, status: { category, raw: collection } });
  });

  it('falls back to the id for everything that is missing, and keeps its case', () => {
    const ticket = toOurs({ id: OTHER_ID });
    expect(ticket).toMatchObject({
      id: `jifeline:${OTHER_ID}`,
      nativeId: OTHER_ID,
      reference: OTHER_ID,
      ticketNumber: OTHER_ID,
      createdAt: null,
      outsourced: null,
      vin: null,
    });
  });

  it('keeps every digit of a 64-bit number', () => {
    const body = `{"id":"${ID}","ticket_number":9007199254740993,"vehicle_model_id":9223372036854775807}`;
    expect(toOurs(body)).toMatchObject({
      reference: '9007199254740993',
      ticketNumber: '9007199254740993',
      vehicleModelId: '9223372036854775807',
    });
  });

  it('tolerates unexpected types and unknown members', () => {
    const odd = {
      id: ID,
      ticket_number: '12',
      created_at: 'yesterday',
      outsourced: 'false',
      vin: 17,
      voucher_code: {},
      new: [1],
    };
    expect(toOurs(odd)).toMatchObject({
      ticketNumber: '12',
      createdAt: null,
      outsourced: false,
      vin: '17',
      voucherCode: null,
    });
    expect(toOurs(odd)).not.toHaveProperty('new');
  });

  it.each(['', 'null', '[]', '"x"', '{}', '{"id":null}', '{"id":7}', '{"id":"../x"}', '<html>'])(
    'finds no ticket in %j',
    (body) => {
      expect(toOurs(body)).toBeUndefined();
    },
  );
});

describe('ticket id', () => {
  const fits = (id: string): boolean =>
    id.length <= jifeline.nativeId.maximumLength && jifeline.nativeId.pattern.test(id);

  it('accepts a UUID in any case', () => {
    expect([ID, ID.toUpperCase(), OTHER_ID, jifeline.nativeId.example].map(fits)).toEqual([true, true, true, true]);
  });

  it.each([
    '',
    '../x',
    'a/b',
    '?',
    '7440303',
    `${ID}/..`,
    `${ID}\n`,
    `\u0000${ID.slice(1)}`,
    ` ${ID}`,
    `{${ID}}`,
    ID.replaceAll('-', ''),
    ID.slice(1),
    `${ID}0`,
    ID.replace('4', '٤'),
    ID.replace('4', 'g'),
    'x'.repeat(10_000),
  ])('rejects the ticket id %j', (id) => {
    expect(fits(id)).toBe(false);
  });
});

describe('availableActions', () => {
  const ticketIn = (collection: Parameters<typeof parseTicket>[1]): Ticket =>
    toTicket(parseTicket(SAMPLE, collection)!);
  const REASONS = '/v2/tickets/cancel-reasons';

  const inputsOf = async (source: Datasource, name: string) => {
    const actions = await source.actions(ticketIn('in-progress'), createCall());
    const { inputs } = actions.find((action) => action.name === name)!;
    return typeof inputs === 'function' ? await inputs() : inputs;
  };

  it('offers outsource, complete, cancel and assignOperator in progress, without a call', async () => {
    const { source, asked } = connect();
    const actions = await source.actions(ticketIn('in-progress'), createCall());
    expect(
      actions.map(({ __typename, name, label, mutation, resultingCategory }) => [
        __typename,
        name,
        label,
        mutation,
        resultingCategory,
      ]),
    ).toEqual([
      ['JifelineAction', 'outsource', 'Outsource', 'transitionInProgress', 'ON_HOLD'],
      ['JifelineAction', 'complete', 'Complete', 'transitionInProgress', 'CLOSED'],
      ['JifelineAction', 'cancel', 'Cancel', 'transitionInProgress', 'CANCELLED'],
      ['JifelineAction', 'assignOperator', 'Assign operator', 'assignOperator', 'OPEN'],
    ]);
    expect(asked).toEqual([]);
  });

  it.each(['pending', 'outsourced', 'closed', 'cancelled'] as const)(
    'offers no action on a %s ticket',
    async (collection) => {
      expect(await connect().source.actions(ticketIn(collection), createCall())).toEqual([]);
    },
  );

  it('lists the inputs that are validated', async () => {
    const { source } = connect();
    const shapes = (inputs: readonly { name: string; type: string; required: boolean }[]) =>
      inputs.map(({ name, type, required }) => [name, type, required]);
    expect(shapes(await inputsOf(source, 'outsource'))).toEqual([
      ['productIds', 'LIST', true],
      ['providerId', 'ID', true],
      ['allowCustomerChatWriteAccess', 'BOOLEAN', false],
      ['shareCustomerInformation', 'BOOLEAN', false],
    ]);
    expect(shapes(await inputsOf(source, 'complete'))).toEqual([['extra', 'OBJECT', false]]);
    expect(shapes(await inputsOf(source, 'cancel'))).toEqual([
      ['cancelReasonId', 'INTEGER', false],
      ['extra', 'OBJECT', false],
    ]);
    expect(shapes(await inputsOf(source, 'assignOperator'))).toEqual([['operatorId', 'ID', true]]);
  });

  it('offers the cancel reasons that an operator may choose', async () => {
    const result = [
      { id: 0, manually_applicable: true, name: 'Operation too risky.' },
      { id: 1, manually_applicable: false, name: 'Timed out.' },
      { id: 2, name: 'Not said.' },
      { id: 3, manually_applicable: true },
    ];
    const { source, asked } = connect({ [REASONS]: json({ result, total: 4 }) });
    expect((await inputsOf(source, 'cancel')).slice(0, 1)).toMatchObject([
      {
        options: [
          { value: '0', label: 'Operation too risky.' },
          { value: '2', label: 'Not said.' },
          { value: '3', label: '3' },
        ],
      },
    ]);
    expect(asked).toMatchObject([{ method: 'GET', path: REASONS, query: [['limit', '1000']] }]);
  });

  it.each([
    ['the path does not exist', MISSING],
    ['Jifeline fails', new Failure({ kind: 'unavailable' })],
    ['the answer is no list', json({ result: 'none' })],
  ])('offers no cancel reasons if %s', async (_, answer) => {
    const { source } = connect({ [REASONS]: answer });
    expect((await inputsOf(source, 'cancel'))[0]).toMatchObject({ name: 'cancelReasonId', options: null });
  });

  it('reads cancel reasons from every form of a list', () => {
    const [one, two] = [{ id: 1, name: 'A' }, { id: 2 }];
    const idsIn = (body: unknown): number[] => parseCancelReasons(body).map(({ id }) => id);
    expect(idsIn({ result: { 0: one, 4: two } })).toEqual([1, 2]);
    expect(idsIn({ result: one, total: 1 })).toEqual([1]);
    expect(idsIn([one, two])).toEqual([1, 2]);
    expect(idsIn({ result: null })).toEqual([]);
    expect(idsIn({})).toEqual([]);
  });

  it('omits cancel reasons that a ticket cannot hold', () => {
    const body = '{"result":[{"id":2147483648},{"id":9223372036854775807},{"id":-1},{"name":"x"},null,{"id":5}]}';
    expect(parseCancelReasons(parseJson(body)).map(({ id }) => id)).toEqual([5]);
  });

  it('lists the names that executeAction accepts, and has a planner for each mutation', async () => {
    const { source } = connect();
    const names = (await source.actions(ticketIn('in-progress'), createCall())).map(({ name }) => name);
    const { message } = planRejection('executeAction', { action: 'x' });
    expect(message).toContain(names.join(', '));
    expect(Object.keys(source.writes)).toEqual(jifeline.mutations);
  });
});

describe('Jifeline errors', () => {
  it.each([
    [400, 'rejected'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'rejected'],
    [429, 'rate-limited'],
    [500, 'unavailable'],
  ])('maps status %i to %s', (status, kind) => {
    expect(toFailure(answerOf(status))).toEqual({ kind });
  });

  it("reads the problem report's detail, else its title, and uses the HTTP status", () => {
    const report = { status: 500, type: 'about:blank', title: 'Bad Request', detail: 'Not in progress.' };
    expect(toFailure(answerOf(400, JSON.stringify(report), PROBLEM_TYPE))).toEqual({
      kind: 'rejected',
      upstreamMessage: 'Not in progress.',
    });
    expect(toFailure(answerOf(400, '{"title":"Bad Request"}'))).toEqual({
      kind: 'rejected',
      upstreamMessage: 'Bad Request',
    });
    expect(toFailure(answerOf(400, '{"type":"urn:problem:x","detail":7}'))).toEqual({
      kind: 'rejected',
      upstreamCode: 'urn:problem:x',
      upstreamMessage: '7',
    });
  });

  it.each(['<html>Gateway</html>', '[]', '{"message":"secret"}', '{"detail":{"a":1}}'])(
    'exposes no message for %j',
    (body) => {
      expect(toFailure(answerOf(400, body))).toEqual({ kind: 'rejected' });
    },
  );

  it('exposes only the documented code of a sign-in error', () => {
    const facts = toSignInFailure(answerOf(400, '{"error":"invalid_client","error_description":"secret s3cret"}'));
    expect(facts).toEqual({ kind: 'rejected', upstreamCode: 'invalid_client' });
    expect(toSignInFailure(answerOf(400, '{"error":"s3cret"}'))).not.toHaveProperty('upstreamCode');
  });
});

describe('sign-in', () => {
  /** A token endpoint with a clock; `bodies` are its answers in turn, the last one for ever. A failure is thrown. */
  function createTokens(bodies: readonly (object | string | Failure)[], apiKey?: string) {
    let nowMs = 1_000_000;
    const asked: UpstreamRequest[] = [];
    const tokens: Upstream = {
      read: async (request) => {
        asked.push(request);
        const body = bodies[Math.min(asked.length, bodies.length) - 1]!;
        await Promise.resolve();
        if (body instanceof Failure) throw body;
        return answerOf(200, typeof body === 'string' ? body : JSON.stringify(body), JSON_TYPE);
      },
    };
    const signIn: Authenticator = createSignIn(
      { clientId: 'the id', clientSecret: 's&cret=', apiKey },
      tokens,
      () => nowMs,
    );
    return {
      asked,
      signIn,
      sign: async () => signIn.authorize(createCall()),
      pass: (seconds: number) => (nowMs += seconds * 1000),
    };
  }

  const token = (access_token: string, expires_in?: unknown): object => ({
    access_token,
    expires_in,
    token_type: 'Bearer',
  });

  it('posts the client credentials as a form to the token URL', async () => {
    const { asked, sign } = createTokens([token('t1', 3600)], 'key');
    await sign();
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=the+id&client_secret=s%26cret%3D',
      },
    ]);
  });

  it('sends the token and the API key', async () => {
    const { headers } = await createTokens([token('t1', 3600)], 'key').sign();
    expect(headers).toEqual({ authorization: 'Bearer t1', 'x-api-key': 'key' });
  });

  it('sends no API key if none is configured', async () => {
    const { headers } = await createTokens([token('t1', 3600)]).sign();
    expect(headers).not.toHaveProperty('x-api-key');
  });

  it('previews placeholders without a call', () => {
    const { asked, signIn } = createTokens([token('t1', 3600)], 'key');
    expect(signIn.preview.headers).toEqual({
      authorization: 'REDACTED',
      'x-api-key': 'REDACTED',
    });
    expect(createTokens([token('t1')]).signIn.preview.headers).toEqual({
      authorization: 'REDACTED',
    });
    expect(asked).toEqual([]);
  });

  it('signs in once for all waiting calls', async () => {
    const { asked, sign } = createTokens([token('t1', 3600), token('t2', 3600)]);
    const signed = await Promise.all([sign(), sign(), sign()]);
    expect(signed.map(({ headers }) => headers!['authorization'])).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1']);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['half an hour before the end of an hour', 3600, 1800],
    ['half an hour before the end of a day', 86_400, 84_600],
    ['at half the life of ten minutes', 600, 300],
    ['as of an hour where the answer does not say', undefined, 1800],
    ['as of an hour where the answer is odd', 'soon', 1800],
    ['by a number that came as text', '600', 300],
  ])('renews a token %s', async (_, expiresIn, usedSeconds) => {
    const { asked, sign, pass } = createTokens([token('t1', expiresIn), token('t2', 3600)]);
    await sign();
    pass(usedSeconds - 1);
    expect((await sign()).headers!['authorization']).toBe('Bearer t1');
    pass(1);
    expect((await sign()).headers!['authorization']).toBe('Bearer t2');
    expect(asked).toHaveLength(2);
  });

  it.each([-5, 0])('uses a token with an expired lifetime until it is rejected: %i', async (expiresIn) => {
    const { asked, sign, signIn, pass } = createTokens([token('t1', expiresIn), token('t2', 3600)]);
    const first = await sign();
    pass(86_400);
    expect((await sign()).headers!['authorization']).toBe('Bearer t1');
    expect(asked).toHaveLength(1);
    expect(signIn.invalidate!(first)).toBe(true);
    expect((await sign()).headers!['authorization']).toBe('Bearer t2');
  });

  it('signs in once after a 401 for all calls rejected with the same token', async () => {
    const { asked, sign, signIn } = createTokens([token('t1', 3600), token('t2', 3600)]);
    const [first, second] = [await sign(), await sign()];
    expect(signIn.invalidate!(first)).toBe(true);
    expect((await sign()).headers!['authorization']).toBe('Bearer t2');
    expect(signIn.invalidate!(second)).toBe(true);
    expect((await sign()).headers!['authorization']).toBe('Bearer t2');
    expect(asked).toHaveLength(2);
  });

  it.each([
    '',
    '<html>',
    '{}',
    '[]',
    '{"access_token":null}',
    '{"access_token":""}',
    { access_token: 'a b' },
    { access_token: 'a\r\nx: y' },
    { access_token: 'ключ' },
  ])('fails without quoting the sign-in response %j', async (body) => {
    const { sign } = createTokens([body]);
    await expect(sign()).rejects.toMatchObject({
      details: { kind: 'unauthenticated', message: "The vendor's answer is not a token of the documented form." },
    });
  });

  it.each([400, 401, 403, 404, 410, 422, 429, 503])(
    'maps a sign-in error %i never to a missing ticket',
    async (status) => {
      const { sign } = createTokens([new Failure(describeRejection(answerOf(status), toSignInFailure))]);
      const kind = { 429: 'rate-limited', 503: 'unavailable' }[status] ?? 'unauthenticated';
      const error: unknown = await sign().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ details: { kind, upstreamStatus: status } });
      if (kind === 'unauthenticated') expect((error as Failure).message).toContain('JIFELINE_CLIENT_SECRET');
    },
  );

  it('repeats the sign-in after a transient failure, and later after a rejection', async () => {
    const unavailable = new Failure({ kind: 'unavailable' });
    const { sign, pass } = createTokens([unavailable, '', token('t3', 3600)]);
    await expect(sign()).rejects.toBe(unavailable);
    await expect(sign()).rejects.toMatchObject({ kind: 'unauthenticated' });
    pass(5);
    expect((await sign()).headers!['authorization']).toBe('Bearer t3');
  });
});

describe('Jifeline settings', () => {
  const GIVEN = {
    JIFELINE_URL: 'https://partner-api.example/',
    JIFELINE_TOKEN_URL: 'https://login.example/oauth2/token',
    JIFELINE_CLIENT_ID: 'id',
    JIFELINE_CLIENT_SECRET: 'secret',
  };
  const read = (more: Record<string, string>) =>
    readSourceSettings({ key: jifeline.key, vendor: jifeline }, { ...GIVEN, ...more });

  it('does not require an API key', () => {
    expect(read({})).toMatchObject({
      settings: { TOKEN_URL: 'https://login.example/oauth2/token', API_KEY: undefined },
    });
    expect(read({ JIFELINE_API_KEY: 'abc' })).toMatchObject({ settings: { API_KEY: 'abc' } });
  });

  it.each([
    ['JIFELINE_TOKEN_URL', ''],
    ['JIFELINE_TOKEN_URL', 'http://login.example/oauth2/token'],
    ['JIFELINE_CLIENT_ID', ''],
    ['JIFELINE_CLIENT_SECRET', 'a\nb'],
    ['JIFELINE_API_KEY', 'two words'],
    ['JIFELINE_API_KEY', 'ключ'],
  ])('rejects the setting %s with the value %j', (variable, value) => {
    const result = read({ [variable]: value });
    expect(result).toMatchObject({ errors: [{ variable }] });
    if (value) expect(JSON.stringify(result)).not.toContain(value);
  });

  it('connects the sign-in to its own URL, without credentials', () => {
    const connected: { url: string; isSignedIn: boolean }[] = [];
    jifeline.connect(
      { URL: BASE, TOKEN_URL: 'https://login.example/oauth2/token', CLIENT_ID: 'id', CLIENT_SECRET: 's', API_KEY: 'k' },
      {
        sourceKey: 'jifeline',
        connect: ({ url, signIn }) => {
          connected.push({ url, isSignedIn: signIn !== undefined });
          return createUpstream().upstream;
        },
        now: () => 0,
      },
    );
    expect(connected).toEqual([
      { url: 'https://login.example/oauth2/token', isSignedIn: false },
      { url: BASE, isSignedIn: true },
    ]);
  });
});
