import { describe, expect, it, onTestFinished } from 'vitest';
import type {
  RequestScope,
  RejectedPlan,
  Ticket,
  TicketAction,
  Upstream,
  UpstreamAnswer,
  UpstreamRequest,
  Datasource,
  Write,
} from '../../datasources/contract.ts';
import { Failure, describeRejection } from '../../datasources/vendor-kit/failure.ts';
import { toTarget } from '../../datasources/vendor-kit/request.ts';
import { readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import { toFailure } from '../../datasources/requestor/failure.ts';
import { requestor } from '../../datasources/requestor/index.ts';
import type { RequestorTicket } from '../../datasources/requestor/mapping.ts';
import { parseTicket } from '../../datasources/requestor/wire.ts';
import { createSignIn } from '../../datasources/requestor/sign-in.ts';
import { toPlain } from '../../datasources/vendor-kit/lazy.ts';
import { onUnknownWord, type UnknownWord } from '../../datasources/vendor-kit/words.ts';

// ---------------------------------------------------------------- what the tests stand on

const XML_ROOT =
  '<WorkflowPushPost xmlns:i="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns="http://schemas.datacontract.org/2004/07/RequestorApiDataStructures.Posts">';

function newCall(): RequestScope {
  return { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };
}

function answerOf(body: unknown, status = 200, type = 'application/json'): UpstreamAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: type === '' ? {} : { 'content-type': type }, text };
}

/** Connects the vendor to an upstream that answers by target and keeps what it was asked. */
function connect(answers: Readonly<Record<string, UpstreamAnswer>> = {}) {
  const asked: UpstreamRequest[] = [];
  const upstream: Upstream = {
    async read(request) {
      asked.push(request);
      const answer = answers[toTarget(request)] ?? answerOf('', 404);
      if (answer.status >= 400) throw new Failure(describeRejection(answer, toFailure));
      return answer;
    },
  };
  const settings = { URL: 'http://127.0.0.1', USERNAME: 'u', PASSWORD: 'p' };
  const source = requestor.connect(settings, { sourceKey: 'requestor', connect: () => upstream, now: () => 0 });
  return { source, asked };
}

function targetOf(id: string): string {
  return `/api/Tickets/GetTicket/${id}?plainTextOnly=true`;
}

const WIRE = {
  TicketId: 47,
  TicketREF: 'INC-000047',
  TicketType: 2,
  Subject: 'Printer',
  CreatedUTC: '2024-05-06T07:08:09',
  Closed: false,
  ClosedUTC: null,
  SubmitterKey: 'submitter',
  SubmitterFullName: 'Jana Nováková',
  SubmitterCompany: 12,
  SolverKey: null,
  SolverFullName: null,
  TicketState: 'IncidentNew',
  TicketSummaryState: 'New',
  Source: 1,
  TicketUserSourceId: 4,
  ServiceId: 7,
  ServiceName: 'Printing',
  ResolutionText: null,
  IsPrivateMessageSupported: true,
  AllAvailableTicketActions: [] as readonly unknown[],
};

type Wire = { readonly [Name in keyof typeof WIRE]?: unknown };

async function readTicket(wire: Wire): Promise<RequestorTicket> {
  const { source } = connect({ [targetOf('47')]: answerOf({ ...WIRE, ...wire }) });
  return (await source.find('47', newCall())) as RequestorTicket;
}

/** With what it offers spelt out. */
function spelt(ticket: Ticket | undefined): object {
  const { offers, ...others } = toPlain(ticket as RequestorTicket);
  return { ...others, offers: offers() };
}

function plan(
  mutation: string,
  input: object,
  id = '47',
  source = connect().source,
  call = newCall(),
): Write | RejectedPlan {
  const planned = source.writes[mutation]!(input as never, [id], call);
  expect(planned).toHaveLength(1);
  return planned[0]!;
}

function push(input: object, id?: string, source?: Datasource, call?: RequestScope): Write {
  const planned = plan('pushWorkflow', input, id, source, call);
  if ('failure' in planned) throw new Error(`rejected: ${planned.failure.message}`);
  return planned;
}

function execute(input: object, id?: string): Write {
  const planned = plan('executeAction', input, id);
  if ('failure' in planned) throw new Error(`rejected: ${planned.failure.message}`);
  return planned;
}

function rejectionOf(mutation: string, input: object) {
  const planned = plan(mutation, input);
  if (!('failure' in planned)) throw new Error(`planned: ${planned.request.body}`);
  expect(planned.targets).toEqual(['47']);
  return planned.failure;
}

// ---------------------------------------------------------------- ids

describe('ticket ids', () => {
  const { pattern, maximumLength } = requestor.nativeId;
  const isId = (id: string): boolean => id.length <= maximumLength && pattern.test(id);

  it.each(['1', '47', '999999999', '1999999999', '2147483647', 'INC-000047', 'inc-1', 'ABCDEFGHIJ-123456789012'])(
    'accepts the ticket id %s',
    (id) => expect(isId(id)).toBe(true),
  );

  it.each([
    '',
    '0',
    '047',
    '-1',
    '1.5',
    '1e3',
    '2147483648',
    '2147483650',
    '2150000000',
    '2200000000',
    '3000000000',
    '9999999999',
    '10000000000',
    '../x',
    '..',
    'a/b',
    '47/..',
    '?',
    '47?x=1',
    '47#x',
    '%2e%2e',
    'INC-',
    'INC',
    'I-1',
    'INC_1',
    'INC-1a',
    'INC--1',
    'ABCDEFGHIJK-1',
    'INC-1234567890123',
    ' 47',
    '47\n',
    'INC-1\n',
    '4\u00007',
    '４７',
    '٤٧',
    'ІNC-1',
    '1'.repeat(5000),
  ])('rejects the ticket id %j', (id) => expect(isId(id)).toBe(false));

  it("recognizes references only by a known prefix in upper case, so that other vendors' references cause no call", () => {
    const texts = [
      'TIC-1',
      'INC-000047',
      'REQ-2',
      'PRO-3',
      'CHG-4',
      'inc-1',
      'TS-123456',
      'ABC-1',
      '47',
      'INC-',
      'xINC-1',
    ];
    expect(texts.filter((text) => requestor.isReference(text))).toEqual([
      'TIC-1',
      'INC-000047',
      'REQ-2',
      'PRO-3',
      'CHG-4',
    ]);
  });
});

// ---------------------------------------------------------------- settings and sign-in

describe('Requestor settings', () => {
  const read = (username: string, password = 'secret') =>
    readSourceSettings(
      { key: requestor.key, vendor: requestor },
      {
        REQUESTOR_URL: 'https://desk.example',
        REQUESTOR_USERNAME: username,
        REQUESTOR_PASSWORD: password,
      },
    );

  it('accepts a password with a colon', () => {
    expect(read('jana', 'a:b')).toMatchObject({ settings: { USERNAME: 'jana', PASSWORD: 'a:b' } });
  });

  it.each(['ja:na', '', 'ja\nna'])('rejects the user name %j', (name) => {
    const { errors } = read(name) as { errors: readonly { variable: string; expected: string }[] };
    expect(errors.map(({ variable }) => variable)).toEqual(['REQUESTOR_USERNAME']);
    expect(errors[0]!.expected).toContain('without a colon');
  });
});

describe('sign-in', () => {
  it('authenticates with HTTP Basic in UTF-8', async () => {
    const authHeaders = await createSignIn('jana', 'héslo:1').authorize(newCall());
    expect(authHeaders).toEqual({ headers: { authorization: 'Basic amFuYTpow6lzbG86MQ==' } });
  });

  it('previews no credentials', () => {
    expect(createSignIn('jana', 'secret').preview).toEqual({ headers: { authorization: 'REDACTED' } });
  });

  it('has no credential to renew after a 401', () => {
    expect(createSignIn('jana', 'secret').invalidate).toBeUndefined();
  });
});

// ---------------------------------------------------------------- the request of a push

describe('push request', () => {
  it('sends a push by number as the documented JSON in the documented order, with nulls', () => {
    const { request, targets } = push({ action: '207' }, 'INC-000047');
    expect(request).toEqual({
      method: 'POST',
      path: '/api/Tickets/WorkflowPush',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body:
        '{"TicketId":null,"TicketREF":"INC-000047","Action":207,"UserProviderKey":null,' +
        '"ServiceId":null,"CustomerId":null,"Note":null}',
    });
    expect(targets).toEqual(['INC-000047']);
  });

  it('sends a push by the documented pair of name and number as JSON', () => {
    expect(push({ action: 'IncidentSuspend' }, '47').request.body).toBe(
      '{"TicketId":47,"TicketREF":null,"Action":207,"UserProviderKey":null,' +
        '"ServiceId":null,"CustomerId":null,"Note":null}',
    );
  });

  it.each(['incidentsuspend', 'INCIDENTSUSPEND', 'IncidentSUSPEND'])('recognizes the known action by %s', (action) => {
    const write = push({ action }, '47');
    expect(write.request).toEqual(push({ action: '207' }, '47').request);
    const result = write.interpret(answerOf({ TicketREF: 'INC-000047', TicketId: 47 }));
    expect(result).toMatchObject({ kind: 'accepted', transition: { action: 'IncidentSuspend' } });
  });

  it('recognizes a documented action name in another case, with its requirements', () => {
    const write = push({ action: 'INCIDENTASSIGN', userProviderKey: 'k' }, '47');
    expect(write.request.body).toContain('<Action>IncidentAssign</Action>');
    expect(write.verify).toBeDefined();
    expect(rejectionOf('pushWorkflow', { action: 'ticketconverttoincident' })).toMatchObject({ field: ['serviceId'] });
    expect(push({ action: 'incidentwaitforthirdparty' }, '47').request.body).toContain(
      '<Action>IncidentWaitForThirdParty</Action>',
    );
  });

  it('sends an unknown action name verbatim, and reports a number without a name as that number', () => {
    expect(push({ action: 'problemREOPEN' }, '47').request.body).toContain('<Action>problemREOPEN</Action>');
    const result = push({ action: '5' }, '47').interpret(answerOf({ TicketREF: 'INC-000047', TicketId: 47 }));
    expect(result).toMatchObject({ transition: { action: '5' } });
  });

  it('sends a push by another name as the documented XML, elements in alphabetical order', () => {
    const { request } = push({ action: 'TicketConvertToIncident', serviceId: 7 }, 'TIC-000048');
    expect(request.headers).toEqual({ accept: 'application/json', 'content-type': 'application/xml' });
    expect(request.body).toBe(
      XML_ROOT +
        '<Action>TicketConvertToIncident</Action><CustomerId i:nil="true" /><Note i:nil="true" />' +
        '<ServiceId>7</ServiceId><TicketId i:nil="true" /><TicketREF>TIC-000048</TicketREF>' +
        '<UserProviderKey i:nil="true" /></WorkflowPushPost>',
    );
  });

  it('sends every optional field with any action, escaped for XML', () => {
    const input = {
      action: 'ProblemClose',
      userProviderKey: 'a<b',
      serviceId: 0,
      customerId: -3,
      note: ']]>&\r\n"\'</Note>',
    };
    expect(push(input).request.body).toBe(
      XML_ROOT +
        '<Action>ProblemClose</Action><CustomerId>-3</CustomerId>' +
        '<Note>]]&gt;&amp;&#xD;\n"\'&lt;/Note&gt;</Note><ServiceId>0</ServiceId><TicketId>47</TicketId>' +
        '<TicketREF i:nil="true" /><UserProviderKey>a&lt;b</UserProviderKey></WorkflowPushPost>',
    );
  });

  it('sends every optional field in JSON', () => {
    const input = { action: '210', userProviderKey: 'k', serviceId: 7, customerId: 8, note: 'n\u0001"' };
    expect(push(input, '2147483647').request.body).toBe(
      '{"TicketId":2147483647,"TicketREF":null,"Action":210,"UserProviderKey":"k","ServiceId":7,"CustomerId":8,' +
        '"Note":"n\\u0001\\""}',
    );
  });

  it.each(['0', '2147483647', 'A', 'a'.repeat(300)])('accepts the action %s', (action) => {
    expect(push({ action }).request.body).toContain(action);
  });

  it.each([
    '',
    ' ',
    '-1',
    '007',
    '1.5',
    '1e3',
    '2147483648',
    '99999999999',
    '2 07',
    'Incident Suspend',
    'x<y',
    '٢٠٧',
    'é',
    '1a',
    'a_b',
  ])('rejects the action %j before sending', (action) =>
    expect(rejectionOf('pushWorkflow', { action })).toMatchObject({ kind: 'invalid-input', field: ['action'] }),
  );

  it('requires a read before a 404 for a push counts as a missing ticket', () => {
    expect(push({ action: '207' }).kindIfTicketExists).toBe('rejected');
  });
});

describe('documented requirements', () => {
  const NEED_USER = [
    'IncidentAssign',
    'IncidentAssignOther',
    'IncidentFunctionEscalate',
    'ServiceRequestAssign',
    'ServiceRequestAssignOther',
    'ProblemAssign',
    'ChangeAssign',
  ];
  const NEED_SERVICE = ['TicketConvertToIncident', 'TicketConvertToServiceRequest'];

  it.each(NEED_USER)('rejects %s without userProviderKey', (action) => {
    for (const userProviderKey of [undefined, null, '', '  ']) {
      const failure = rejectionOf('pushWorkflow', { action, userProviderKey, serviceId: 1 });
      expect(failure).toMatchObject({ kind: 'invalid-input', field: ['userProviderKey'] });
    }
    expect(push({ action, userProviderKey: 'k' }).request.body).toContain('<UserProviderKey>k</UserProviderKey>');
  });

  it.each(NEED_SERVICE)('rejects %s without serviceId', (action) => {
    const failure = rejectionOf('pushWorkflow', { action, userProviderKey: 'k' });
    expect(failure).toMatchObject({ kind: 'invalid-input', field: ['serviceId'] });
    expect(push({ action, serviceId: 0 }).request.body).toContain('<ServiceId>0</ServiceId>');
  });

  it.each([
    'ChangeAssignOther',
    'IncidentWaitForThirdParty',
    'ServiceRequestWaitForThirdParty',
    'TicketConvertToProblem',
  ])('requires no input for %s', (action) =>
    expect(push({ action }).request.body).toContain(`<Action>${action}</Action>`),
  );

  it('checks the requirements of a number whose name this request has read', async () => {
    const offers = [{ Action: 203, ActionName: 'IncidentAssign' }];
    const { source } = connect({ [targetOf('47')]: answerOf({ ...WIRE, AllAvailableTicketActions: offers }) });
    const call = newCall();
    expect(plan('pushWorkflow', { action: '203' }, '47', source, call)).toHaveProperty('request');
    await source.find('47', call);
    expect(plan('pushWorkflow', { action: '203' }, '47', source, call)).toMatchObject({
      failure: { kind: 'invalid-input', field: ['userProviderKey'] },
    });
  });

  it('names the input below `inputs` for executeAction', () => {
    expect(rejectionOf('executeAction', { action: 'IncidentAssign' })).toMatchObject({
      kind: 'invalid-input',
      field: ['inputs', 'userProviderKey'],
    });
    expect(rejectionOf('executeAction', { action: 'TicketConvertToIncident', inputs: {} })).toMatchObject({
      kind: 'invalid-input',
      field: ['inputs', 'serviceId'],
    });
  });
});

describe('characters that XML 1.0 does not allow', () => {
  it.each(['\u0000', '\u0001', '\u000b', '\u001f', '\ufffe', '\uffff', '\ud800', 'a\udc00'])(
    'rejects %j in XML',
    (text) => {
      expect(rejectionOf('pushWorkflow', { action: 'ChangeX', note: text })).toMatchObject({
        kind: 'invalid-input',
        field: ['note'],
      });
      expect(rejectionOf('pushWorkflow', { action: 'ChangeX', userProviderKey: text })).toMatchObject({
        field: ['userProviderKey'],
      });
      expect(rejectionOf('executeAction', { action: 'ChangeX', inputs: { note: text } })).toMatchObject({
        field: ['inputs', 'note'],
      });
      expect(rejectionOf('executeAction', { action: 'ChangeX', comment: text })).toMatchObject({ field: ['comment'] });
    },
  );

  it('accepts a tab, a line feed, a rare letter and an emoji in XML', () => {
    const note = '\t\n\u007f𝒳🎫';
    expect(push({ action: 'ChangeX', note }).request.body).toContain(`<Note>${note}</Note>`);
  });

  it('accepts control characters in JSON', () => {
    expect(push({ action: '207', note: '\u0001' }).request.body).toContain('"Note":"\\u0001"');
  });
});

// ---------------------------------------------------------------- the answer to a push

describe('response to a push', () => {
  const interpret = (answer: UpstreamAnswer, id = 'INC-000047') => push({ action: '207' }, id).interpret(answer);
  const RESULT = (inner: string, root = 'WorkflowPushResult') =>
    `<${root} xmlns="http://schemas.datacontract.org/2004/07/RequestorApiDataStructures.Results">${inner}</${root}>`;

  it('accepts a push with the number and the reference', () => {
    expect(interpret(answerOf({ TicketREF: 'REQ-000047', TicketId: 47 }))).toEqual({
      kind: 'accepted',
      nativeId: '47',
      transition: {
        __typename: 'WorkflowTransition',
        action: 'IncidentSuspend',
        to: null,
        ticketRef: 'REQ-000047',
        previousTicketRef: 'INC-000047',
      },
    });
  });

  it('uses the reference if TicketId is 0, as in the documented sample', () => {
    expect(interpret(answerOf('{"TicketREF":"INC-000015","TicketId":0}'))).toMatchObject({
      kind: 'accepted',
      nativeId: 'INC-000015',
    });
  });

  it('uses the reference if an older installation returns no TicketId', () => {
    expect(interpret(answerOf({ TicketREF: 'INC-000015' }), '47')).toMatchObject({
      kind: 'accepted',
      nativeId: 'INC-000015',
      transition: { ticketRef: 'INC-000015', previousTicketRef: null },
    });
  });

  it('accepts a push with the number alone', () => {
    expect(interpret(answerOf({ TicketREF: null, TicketId: 47 }))).toMatchObject({
      kind: 'accepted',
      nativeId: '47',
      transition: { ticketRef: null },
    });
  });

  it('accepts a push in XML, detected by its first character', () => {
    const result = RESULT('<TicketId>47</TicketId>\n <TicketREF>INC-000015</TicketREF>');
    const body = `<?xml version="1.0" encoding="utf-8"?>\n${result}`;
    for (const type of ['application/xml; charset=utf-8', 'text/xml', 'application/json', '']) {
      expect(interpret(answerOf(body, 200, type))).toMatchObject({
        nativeId: '47',
        transition: { ticketRef: 'INC-000015' },
      });
    }
    const nil = RESULT('<TicketId i:nil="true" xmlns:i="x" /><TicketREF>INC&#45;000015</TicketREF>');
    expect(interpret(answerOf(nil, 200, 'text/xml'))).toMatchObject({ nativeId: 'INC-000015' });
    const prefixed = '<r:WorkflowPushResult xmlns:r="y"><r:TicketId>47</r:TicketId></r:WorkflowPushResult>';
    expect(interpret(answerOf(prefixed, 200, 'text/xml'))).toMatchObject({ nativeId: '47' });
  });

  it("keeps the caller's id if the new reference is invalid", () => {
    const result = interpret(answerOf({ TicketREF: 'HD/2024/7' }));
    expect(result).toMatchObject({ kind: 'accepted', transition: { ticketRef: 'HD/2024/7' } });
    expect(result).not.toHaveProperty('nativeId');
  });

  it.each([
    ['an empty body', answerOf('')],
    ['an empty object', answerOf({})],
    ['only nulls', answerOf({ TicketREF: null, TicketId: null })],
    ['no reference and TicketId 0', answerOf({ TicketREF: '', TicketId: 0 })],
    ['a blank reference', answerOf({ TicketREF: ' ', TicketId: -1 })],
    ['a number that is no int', answerOf('{"TicketId":92233720368547758070}')],
    ['a list', answerOf([{ TicketREF: 'INC-000015' }])],
    ['a text', answerOf('"INC-000015"')],
    ['broken JSON', answerOf('{"TicketREF":"INC-000015"')],
    ['plain text', answerOf('OK', 200, 'text/plain')],
    ['a web page', answerOf('<!DOCTYPE html><html><body>INC-000015</body></html>', 200, 'text/html')],
    ['a web page that calls itself XML', answerOf('<html><TicketREF>INC-000015</TicketREF></html>', 200, 'text/xml')],
    ['JSON that calls itself a web page', answerOf({ TicketREF: 'INC-000015' }, 200, 'text/html')],
    ['the request sent back', answerOf(RESULT('<TicketREF>INC-1</TicketREF>', 'WorkflowPushPost'), 200, 'text/xml')],
    ['XML that is cut off', answerOf('<WorkflowPushResult><TicketREF>INC-1</TicketREF>', 200, 'text/xml')],
    ['an empty element', answerOf('<WorkflowPushResult/>', 200, 'text/xml')],
    [
      'XML with a DOCTYPE',
      answerOf(`<!DOCTYPE x [<!ENTITY e "INC-1">]>${RESULT('<TicketREF>&e;</TicketREF>')}`, 200, 'text/xml'),
    ],
    ['201', answerOf({ TicketREF: 'INC-000015' }, 201)],
    ['204', answerOf('', 204)],
    ['a redirect', answerOf({ TicketREF: 'INC-000015' }, 302)],
  ])("is inconclusive if a push's response is %s", (_, answer) => {
    const result = interpret(answer);
    expect(result.kind).toBe('inconclusive');
    expect((result as { why: string }).why).not.toContain('INC-000015');
  });

  it("explains why a push's response is inconclusive", () => {
    const why = (answer: UpstreamAnswer) => (interpret(answer) as { why: string }).why;
    expect(why(answerOf('<html></html>', 200, 'text/html'))).toBe('the body is HTML');
    expect(why(answerOf('', 200))).toBe('the body is empty');
    expect(why(answerOf('', 303))).toBe('the status is 303, expected 200');
  });
});

// ---------------------------------------------------------------- what one request learns

describe('request memory', () => {
  const offers = [{ Action: 301, Name: 'ProblemClose' }];
  const answers = { [targetOf('47')]: answerOf({ ...WIRE, AllAvailableTicketActions: offers }) };

  it('sends a name that this request has read as JSON, and reports the previous reference', async () => {
    const { source } = connect(answers);
    const call = newCall();
    await source.find('47', call);
    const write = push({ action: 'ProblemClose' }, '47', source, call);
    expect(write.request.body).toContain('"Action":301,');
    expect(write.interpret(answerOf({ TicketId: 47 }))).toMatchObject({
      transition: { action: 'ProblemClose', previousTicketRef: 'INC-000047' },
    });
    const elsewhere = push({ action: 'ProblemClose' }, '47', source, newCall());
    expect(elsewhere.request.body).toContain('<Action>ProblemClose</Action>');
    expect(elsewhere.interpret(answerOf({ TicketId: 47 }))).toMatchObject({ transition: { previousTicketRef: null } });
  });

  it.each(['301', 'problemclose', 'ProblemClose'])(
    'recognizes %s by the name and the number of an offer',
    async (action) => {
      const { source } = connect(answers);
      const call = newCall();
      await source.find('47', call);
      const write = push({ action }, '47', source, call);
      expect(write.request.body).toContain('"Action":301,');
      expect(write.interpret(answerOf({ TicketId: 47 }))).toMatchObject({ transition: { action: 'ProblemClose' } });
    },
  );

  it('remembers the reference after a conversion', async () => {
    const { source } = connect(answers);
    const call = newCall();
    await source.find('47', call);
    push({ action: '301' }, '47', source, call).interpret(answerOf({ TicketId: 47, TicketREF: 'PRO-000047' }));
    expect(push({ action: '301' }, '47', source, call).interpret(answerOf({ TicketId: 47 }))).toMatchObject({
      transition: { previousTicketRef: 'PRO-000047' },
    });
  });
});

// ---------------------------------------------------------------- executeAction

describe('executeAction', () => {
  it('executeAction sends the same push, and returns an ActionTransition', () => {
    const inputs = { userProviderKey: 'k', serviceId: 7, customerId: 8, note: 'n' };
    const write = execute({ action: '207', inputs }, 'INC-000047');
    expect(write.request).toEqual(push({ action: '207', ...inputs }, 'INC-000047').request);
    expect(write.interpret(answerOf({ TicketREF: 'INC-000015', TicketId: 0 }))).toEqual({
      kind: 'accepted',
      nativeId: 'INC-000015',
      transition: { __typename: 'ActionTransition', action: 'IncidentSuspend', to: null, state: null },
    });
  });

  it('executeAction sends a comment as the note of a wait, without a notice', () => {
    const write = execute({ action: 'IncidentWaitForThirdParty', comment: 'ordered' });
    expect(write.request.body).toContain('<Note>ordered</Note>');
    expect(write.notice).toBeUndefined();
  });

  it('executeAction sends a comment as the note of another action, with a notice that it may be discarded', () => {
    const write = execute({ action: 'IncidentSuspend', comment: 'later' });
    expect(write.request.body).toContain('"Note":"later"');
    expect(write.notice).toMatchObject({ kind: 'unsupported', field: ['comment'] });
  });

  it('executeAction reports an unsent comment if a note is given', () => {
    const write = execute({ action: '300', comment: 'c', inputs: { note: 'n' } });
    expect(write.request.body).toContain('"Note":"n"');
    expect(write.notice).toMatchObject({ kind: 'unsupported' });
    const same = execute({ action: '300', comment: 'n', inputs: { note: 'n' } });
    expect(same.notice).toBeUndefined();
  });

  it('executeAction accepts the number of a service as a string', () => {
    const write = execute({ action: '300', inputs: { serviceId: '7', customerId: '8' } });
    expect(write.request.body).toContain('"ServiceId":7,"CustomerId":8');
  });

  it.each([
    [{ priority: 1 }, 'priority'],
    [{ serviceId: 'seven' }, 'serviceId'],
    [{ serviceId: 1.5 }, 'serviceId'],
    [{ customerId: 2147483648 }, 'customerId'],
    [{ customerId: '' }, 'customerId'],
    [{ note: 5 }, 'note'],
    [{ note: ['n'] }, 'note'],
    [{ userProviderKey: {} }, 'userProviderKey'],
  ])('executeAction rejects the inputs %j', (inputs, name) => {
    expect(rejectionOf('executeAction', { action: '300', inputs })).toMatchObject({
      kind: 'invalid-input',
      field: ['inputs', name],
    });
  });

  it('executeAction rejects an invalid action', () => {
    expect(rejectionOf('executeAction', { action: '../x' })).toMatchObject({
      kind: 'invalid-input',
      field: ['action'],
    });
  });
});

describe('mutations', () => {
  it('has a planner for each mutation, and none for setStatus', () => {
    expect(Object.keys(connect().source.writes).toSorted()).toEqual([...requestor.mutations].toSorted());
    expect(requestor.mutations).not.toContain('setStatus');
  });
});

// ---------------------------------------------------------------- settling

describe('verification after an unknown outcome', () => {
  const verify = async (input: object, wire: Wire, id = '47') => {
    const { source } = connect({ [targetOf(id)]: answerOf({ ...WIRE, ...wire }) });
    return push(input, id, source).verify!(id, newCall());
  };

  it('verifies a conversion by the new prefix', async () => {
    const input = { action: 'TicketConvertToServiceRequest', serviceId: 1 };
    expect(await verify(input, { TicketREF: 'REQ-000047', TicketType: 9 }, 'TIC-000047')).toMatchObject({
      transition: {
        __typename: 'WorkflowTransition',
        action: 'TicketConvertToServiceRequest',
        to: { raw: 'IncidentNew' },
        ticketRef: 'REQ-000047',
        previousTicketRef: 'TIC-000047',
      },
      nativeId: '47',
    });
    expect(await verify(input, { TicketREF: 'TIC-000047', TicketType: 'EndUserTicket' }, 'TIC-000047')).toBeUndefined();
  });

  it('verifies a conversion by the new type', async () => {
    const input = { action: 'TicketConvertToIncident', serviceId: 1 };
    expect(await verify(input, { TicketREF: 'X-1', TicketType: 2 })).toBeDefined();
    expect(await verify(input, { TicketREF: 'X-1', TicketType: 3 })).toBeUndefined();
  });

  it('does not verify a conversion of a ticket that already had the type', () => {
    expect(push({ action: 'TicketConvertToIncident', serviceId: 1 }, 'inc-000047').verify).toBeUndefined();
  });

  it.each(['IncidentAssign', 'ServiceRequestAssign', 'ProblemAssign', 'ChangeAssign'])(
    'verifies %s by the solver',
    async (action) => {
      const input = { action, userProviderKey: 'ABC' };
      expect(await verify(input, { SolverKey: 'abc' })).toMatchObject({ transition: { action } });
      expect(await verify(input, { SolverKey: 'abd' })).toBeUndefined();
      expect(await verify(input, { SolverKey: null })).toBeUndefined();
    },
  );

  it("verifies a suspension by the state's name together with the offers", async () => {
    const proven = { TicketState: 'IncidentSuspended', AllAvailableTicketActions: [{ Action: 208 }, 'IncidentResume'] };
    expect(await verify({ action: '207' }, proven)).toMatchObject({
      transition: { action: 'IncidentSuspend', to: { category: 'ON_HOLD' } },
    });
    for (const unproven of [
      { ...proven, TicketState: 'IncidentNew' },
      { ...proven, TicketState: 12 },
      { ...proven, AllAvailableTicketActions: [207] },
      { ...proven, AllAvailableTicketActions: ['IncidentSuspend'] },
      { ...proven, AllAvailableTicketActions: null },
    ]) {
      expect(await verify({ action: '207' }, unproven)).toBeUndefined();
    }
  });

  it("verifies a wait by the state's name together with distinguishable offers", async () => {
    const input = { action: 'ServiceRequestWaitForThirdParty' };
    const state = { TicketState: 4, TicketSummaryState: 'Waiting for a third party' };
    expect(await verify(input, { ...state, AllAvailableTicketActions: ['ServiceRequestClose'] })).toBeDefined();
    expect(await verify(input, { ...state, AllAvailableTicketActions: [] })).toBeDefined();
    expect(await verify(input, { ...state, AllAvailableTicketActions: [310] })).toBeUndefined();
    expect(await verify(input, { ...state, AllAvailableTicketActions: [input.action] })).toBeUndefined();
  });

  it.each([
    { action: '300' },
    { action: 'ProblemClose' },
    { action: 'IncidentAssignOther', userProviderKey: 'k' },
    { action: 'IncidentFunctionEscalate', userProviderKey: 'k' },
    { action: 'ChangeSuspend' },
  ])('never verifies %j', (input) => expect(push(input).verify).toBeUndefined());

  it('verifies nothing by a missing ticket', async () => {
    const { source } = connect();
    expect(await push({ action: '207' }, '47', source).verify!('47', newCall())).toBeUndefined();
  });
});

// ---------------------------------------------------------------- reading

describe('Requestor ticket', () => {
  it('reads a ticket by its number or its reference, in plain text', async () => {
    const { source, asked } = connect({ [targetOf('INC-000047')]: answerOf(WIRE) });
    expect(await source.find('INC-000047', newCall())).toMatchObject({ id: 'requestor:47' });
    expect(await source.findByReference!('INC-000047', newCall())).toMatchObject({ id: 'requestor:47' });
    expect(asked[0]).toEqual({
      method: 'GET',
      path: '/api/Tickets/GetTicket/INC-000047',
      query: [['plainTextOnly', 'true']],
      headers: { accept: 'application/json' },
    });
  });

  it('finds no ticket after a 404 or an empty response', async () => {
    expect(await connect().source.find('999', newCall())).toBeUndefined();
  });

  it('maps every field of a ticket', async () => {
    expect(spelt(await readTicket({ SolverKey: 's', SolverFullName: 'Mr. Operator', ResolutionText: 'done' }))).toEqual(
      {
        __typename: 'RequestorTicket',
        id: 'requestor:47',
        vendor: 'REQUESTOR',
        nativeId: '47',
        reference: 'INC-000047',
        title: 'Printer',
        status: { __typename: 'TicketStatus', category: 'NEW', raw: 'IncidentNew' },
        createdAt: '2024-05-06T07:08:09.000Z',
        updatedAt: null,
        ticketRef: 'INC-000047',
        ticketType: 'Incident',
        subject: 'Printer',
        closed: false,
        closedAt: null,
        submitter: 'Jana Nováková',
        submitterKey: 'submitter',
        submitterCompanyId: '12',
        solver: 'Mr. Operator',
        solverKey: 's',
        state: 'IncidentNew',
        summaryState: 'New',
        source: '1',
        userSourceId: '4',
        serviceId: '7',
        serviceName: 'Printing',
        resolutionText: 'done',
        isPrivateMessageSupported: true,
        offers: [],
      },
    );
  });

  it('maps a ticket in XML as in JSON', async () => {
    const fields = Object.entries({ ...WIRE, Subject: 'A &amp; B &lt;C&gt; &#x10D;' })
      .filter(([name]) => name !== 'AllAvailableTicketActions')
      .map(([name, value]) => (value === null ? `<${name} i:nil="true" />` : `<${name}>${String(value)}</${name}>`));
    const offers =
      '<AllAvailableTicketActions xmlns:a="b"><a:Item><a:Action>IncidentSuspend</a:Action>' +
      '<a:ExtraParameterIsNeeded>true</a:ExtraParameterIsNeeded></a:Item></AllAvailableTicketActions>';
    const xml = `<GetTicketResult xmlns:i="x" xmlns="y">${offers}${fields.join('')}</GetTicketResult>`;
    const { source } = connect({ [targetOf('47')]: answerOf(xml, 200, 'application/xml') });
    const expected = await readTicket({ Subject: 'A & B <C> č' });
    expect(spelt(await source.find('47', newCall()))).toEqual({
      ...toPlain(expected),
      offers: [{ number: null, name: 'IncidentSuspend', displayName: null, ExtraParameterIsNeeded: true }],
    });
  });

  it('maps a ticket with only a reference, or only a number', async () => {
    const { source } = connect({
      [targetOf('INC-1')]: answerOf({ TicketREF: 'INC-1', TicketId: 0 }),
      [targetOf('7')]: answerOf({ TicketId: '7', CreatedUTC: 'yesterday', Closed: 'perhaps', Subject: { x: 1 } }),
    });
    expect(spelt(await source.find('INC-1', newCall()))).toMatchObject({
      id: 'requestor:INC-1',
      nativeId: 'INC-1',
      status: { category: null, raw: '' },
      closed: null,
      offers: null,
    });
    expect(await source.find('7', newCall())).toMatchObject({
      id: 'requestor:7',
      reference: '7',
      ticketRef: '7',
      title: null,
      createdAt: null,
      closed: null,
    });
  });

  it.each([
    ['a web page', answerOf('<html></html>', 200, 'text/html')],
    ['a text', answerOf('"x"')],
    ['a list of two', answerOf([{ TicketId: 1 }, { TicketId: 2 }])],
    ['an object without ids', answerOf({ Message: 'x' })],
    ['broken XML', answerOf('<GetTicketResult><TicketId>47</GetTicketResult>', 200, 'text/xml')],
    ['a billion laughs', answerOf('<!DOCTYPE a [<!ENTITY b "c">]><a><TicketId>47</TicketId></a>', 200, 'text/xml')],
  ])('fails with protocol if the ticket is %s', async (_, answer) => {
    const { source } = connect({ [targetOf('47')]: answer });
    await expect(source.find('47', newCall())).rejects.toMatchObject({ details: { kind: 'protocol' } });
  });

  it.each(['null', '[]', '{}'])('finds no ticket if the response is %s', async (text) => {
    const { source } = connect({ [targetOf('47')]: answerOf(text) });
    expect(await source.find('47', newCall())).toBeUndefined();
  });

  it('reads a ticket from a list of one', async () => {
    const { source } = connect({ [targetOf('47')]: answerOf([{ TicketId: 47, Subject: 'One' }]) });
    expect(await source.find('47', newCall())).toMatchObject({ id: 'requestor:47', title: 'One' });
  });

  it.each([
    ['2024-05-06T07:08:09', '2024-05-06T07:08:09.000Z'],
    ['2024-05-06T07:08:09.1234567', '2024-05-06T07:08:09.123Z'],
    ['2024-05-06T07:08:09Z', '2024-05-06T07:08:09.000Z'],
    ['2024-05-06T07:08:09+02:00', '2024-05-06T05:08:09.000Z'],
    ['0001-01-01T00:00:00', null],
  ])('reads the closing time %s as %s', async (ClosedUTC, closedAt) => {
    expect((await readTicket({ ClosedUTC })).closedAt).toBe(closedAt);
  });

  it.each([
    ['one <![CDATA[two]]> three', 'one two three'],
    ['<![CDATA[one]]> two <![CDATA[three]]>', 'one two three'],
    ['<![CDATA[one]]><![CDATA[two]]>', 'onetwo'],
    ['\n  <![CDATA[ one ]]>\n', ' one '],
    ['  one  two  ', 'one  two'],
    ['one<!-- not this -->two <!-- nor this -->', 'onetwo'],
    ['one <!-- <b> --> two', 'one  two'],
    ['one &amp; <![CDATA[two &amp; <b>]]> &lt;three&gt;', 'one & two &amp; <b> <three>'],
    ['&#32;one&#x20;&quot;two&apos;', ' one "two\''],
    ['one &unknown; two', 'one &unknown; two'],
    ['one <b>two</b> <i>th<u>ree</u></i>', 'one two three'],
    ['<b>one</b> two', 'one two'],
    ['<![CDATA[<!DOCTYPE html><html>]]>', '<!DOCTYPE html><html>'],
    ['one<!-- <!DOCTYPE html> -->', 'one'],
    ['one\r\ntwo', 'one\ntwo'],
    ['', null],
    ['<![CDATA[]]>', null],
    ['<!-- nothing -->', null],
    ['   ', null],
  ])("keeps the order and the spaces of an element's content: %j", (content, text) => {
    const xml = `<T>\n  <TicketId>47</TicketId>\n  <Subject>${content}</Subject>\n  <ServiceName i:nil="true" />\n</T>`;
    const ticket = parseTicket(answerOf(xml, 200, 'text/xml'))!;
    expect([ticket.TicketId, ticket.Subject, ticket.ServiceName]).toEqual([47, text, null]);
  });

  it('reads fields between text', () => {
    const xml = '<T>stray<TicketId> 47 </TicketId>text<Subject>one</Subject></T>';
    const ticket = parseTicket(answerOf(xml, 200, 'text/xml'))!;
    expect([ticket.TicketId, ticket.Subject]).toEqual([47, 'one']);
  });

  it.each([
    '<T><TicketId>47</TicketId><![CDATA[',
    '<T><TicketId>47</TicketId><!-- </T>',
    '<T><TicketId>47</TicketId><!-- --><!ENTITY a "b"></T>',
    '<T><TicketId>47</TicketId></T><!DOCTYPE T>',
    '<T><TicketId>47</TicketId></T><T/>',
    '<T><TicketId>47</TicketId>',
    '<![CDATA[<T><TicketId>47</TicketId></T>]]>',
  ])('rejects truncated XML and declarations: %s', (xml) => {
    expect(() => parseTicket(answerOf(xml, 200, 'text/xml'))).toThrow(Failure);
  });

  it('separates text from markup in CDATA, and decodes escapes once', async () => {
    const xml =
      '<T><TicketId>47</TicketId><Subject><![CDATA[a &amp; <b>]]></Subject><ServiceName>&amp;lt;</ServiceName></T>';
    const { source } = connect({ [targetOf('47')]: answerOf(xml, 200, 'text/xml') });
    expect(await source.find('47', newCall())).toMatchObject({ title: 'a &amp; <b>', serviceName: '&lt;' });
  });
});

describe('ticket category', () => {
  it.each([
    [{ Closed: true, TicketState: 12 }, 'CLOSED', '12'],
    [{ Closed: true, TicketState: 'IncidentSolved' }, 'CLOSED', 'IncidentSolved'],
    [{ Closed: 'true', TicketState: null, TicketSummaryState: null }, 'CLOSED', 'Closed'],
    [{ TicketState: 12, TicketSummaryState: 3 }, null, '12'],
    [{ TicketState: 12, TicketSummaryState: 'Solved' }, 'SOLVED', '12'],
    [{ TicketState: null, TicketSummaryState: 'Open' }, 'OPEN', 'Open'],
    [{ TicketState: 'IncidentNew' }, 'NEW', 'IncidentNew'],
    [{ TicketState: 'ServiceRequestInProgress' }, 'OPEN', 'ServiceRequestInProgress'],
    [{ TicketState: 'IncidentSuspended' }, 'ON_HOLD', 'IncidentSuspended'],
    [{ TicketState: 'IncidentWaitingForThirdParty' }, 'ON_HOLD', 'IncidentWaitingForThirdParty'],
    [{ TicketState: 'Waiting for a third party' }, 'ON_HOLD', 'Waiting for a third party'],
    [{ TicketState: 'ChangeCancelled' }, 'CANCELLED', 'ChangeCancelled'],
    [{ TicketState: 'Unsolved', TicketSummaryState: null }, null, 'Unsolved'],
    [{ TicketState: 'constructor', TicketSummaryState: null }, null, 'constructor'],
    [{ TicketState: 'Quantum', TicketSummaryState: null }, null, 'Quantum'],
  ])('maps the state %j to %s, raw %s', async (wire, category, raw) => {
    expect((await readTicket(wire)).status).toMatchObject({ category, raw });
  });
});

// ---------------------------------------------------------------- offers

describe('entry of AllAvailableTicketActions', () => {
  const read = async (...entries: readonly unknown[]) =>
    (await readTicket({ AllAvailableTicketActions: entries })).offers();
  const offer = (number: number | null, name: string | null, displayName: string | null = null) => ({
    number,
    name,
    displayName,
    ExtraParameterIsNeeded: false,
  });

  it.each([
    [207, offer(207, null)],
    ['207', offer(207, null)],
    ['Suspend', offer(null, 'Suspend')],
    [{ Action: 207 }, offer(207, null)],
    [{ TicketAction: 'IncidentSuspend' }, offer(null, 'IncidentSuspend')],
    [{ Id: 207, Name: 'IncidentSuspend' }, offer(207, 'IncidentSuspend')],
    [{ Key: 207, Value: 'IncidentSuspend' }, offer(207, 'IncidentSuspend')],
    [{ id: 207, name: 'Suspend' }, offer(207, null, 'Suspend')],
    [{ Action: 207, Name: 'Odložit' }, offer(207, null, 'Odložit')],
    [
      { ActionId: 207, ActionName: 'IncidentSuspend', DisplayName: 'Suspend' },
      offer(207, 'IncidentSuspend', 'Suspend'),
    ],
    [{ TicketAction: 'IncidentSuspend', Id: 3 }, offer(null, 'IncidentSuspend')],
  ])('parses the offer %j', async (entry, expected) => expect(await read(entry)).toEqual([expected]));

  it.each([null, true, -1, '', 'not an action', {}, { Description: 'x' }, [], { Action: { x: 1 } }])(
    'skips the offer %j',
    async (entry) => expect(await read(entry, 207)).toEqual([offer(207, null)]),
  );

  it('reads the flag of an offer in any case', async () => {
    expect(await read({ Action: 1, ExtraParameterIsNeeded: true })).toMatchObject([{ ExtraParameterIsNeeded: true }]);
    expect(await read({ action: 1, extraParameterIsNeeded: 'true' })).toMatchObject([{ ExtraParameterIsNeeded: true }]);
  });
});

describe('availableActions', () => {
  const PARAMETERS = '/api/Tickets/GetWorkflowParameters?ticketREF=INC-000047&ticketAction=';

  async function actionsOf(entries: unknown, answers: Readonly<Record<string, UpstreamAnswer>> = {}) {
    const ticket = answerOf({ ...WIRE, AllAvailableTicketActions: entries });
    const { source, asked } = connect({ [targetOf('47')]: ticket, ...answers });
    const found = (await source.find('47', newCall()))!;
    asked.length = 0;
    return { actions: await source.actions(found, newCall()), asked };
  }

  async function inputsOf(action: TicketAction | undefined) {
    return typeof action!.inputs === 'function' ? action!.inputs() : action!.inputs;
  }

  it("lists the ticket's offers, by name if known, without a call", async () => {
    const { actions, asked } = await actionsOf([
      207,
      { Action: 300, DisplayName: 'Zavřít' },
      'TicketConvertToServiceRequest',
      5,
    ]);
    expect(actions.map(({ name, label }) => [name, label])).toEqual([
      ['IncidentSuspend', 'Incident Suspend'],
      ['300', 'Zavřít'],
      ['TicketConvertToServiceRequest', 'Ticket Convert To Service Request'],
      ['5', 'Action 5'],
    ]);
    expect(actions[0]).toEqual({
      __typename: 'RequestorAction',
      name: 'IncidentSuspend',
      label: 'Incident Suspend',
      mutation: 'pushWorkflow',
      inputs: [],
      resultingCategory: null,
    });
    expect(asked).toEqual([]);
  });

  it('reports the number of an action that nothing names as an unknown word', async () => {
    const words: UnknownWord[] = [];
    onTestFinished(onUnknownWord((word) => void words.push(word)));
    await actionsOf([207, { Action: 300, DisplayName: 'Zavřít' }, 'TicketConvertToServiceRequest', 5]);
    expect(words).toEqual([{ vendor: 'requestor', field: 'action', word: '5' }]);
  });

  it.each([
    ['an array', [{ Action: 207 }, { Action: 5 }], ['IncidentSuspend', '5']],
    ['an object whose keys are digits', { 0: { Action: 207 }, 3: 5 }, ['IncidentSuspend', '5']],
    ['one by itself', { Action: 5, DisplayName: 'Five', ExtraParameterIsNeeded: false }, ['5']],
    ['an element of elements', { TicketAction: [{ Action: 207 }, { Action: 5 }] }, ['IncidentSuspend', '5']],
    ['an element of one', { TicketAction: { Action: 5 } }, ['5']],
    ['an element of names', { TicketActionEnum: ['ChangeAssign', 'ChangeClose'] }, ['ChangeAssign', 'ChangeClose']],
  ])('reads offers from %s', async (_, entries, names) => {
    expect((await actionsOf(entries)).actions.map(({ name }) => name)).toEqual(names);
  });

  it.each([null, [], {}, '', undefined, 'none', 7])('lists no actions if the ticket has %j', async (entries) => {
    expect((await actionsOf(entries)).actions).toEqual([]);
  });

  it('lists the documented inputs of each name', async () => {
    const { actions } = await actionsOf([
      'ChangeAssign',
      'TicketConvertToIncident',
      'IncidentWaitForThirdParty',
      'ChangeClose',
    ]);
    expect(actions.map(({ inputs }) => inputs)).toEqual([
      [{ name: 'userProviderKey', type: 'ID', required: true }],
      [{ name: 'serviceId', type: 'INTEGER', required: true }],
      [
        { name: 'userProviderKey', type: 'ID', required: false },
        { name: 'customerId', type: 'INTEGER', required: false },
        { name: 'note', type: 'STRING', required: false },
      ],
      [],
    ]);
  });

  it('fetches the users only if inputs are selected', async () => {
    const users = [
      { UserProviderKey: '8fdfc703', Fullname: 'Mr. Operator', UserName: 'operator1' },
      { UserProviderKey: 'b' },
      {},
    ];
    const { actions, asked } = await actionsOf(
      [{ Action: 203, ActionName: 'IncidentAssign', ExtraParameterIsNeeded: true }],
      {
        [`${PARAMETERS}203`]: answerOf({ Users: users, Services: null }),
      },
    );
    expect(asked).toEqual([]);
    expect(await inputsOf(actions[0])).toEqual([
      {
        name: 'userProviderKey',
        type: 'ID',
        required: true,
        options: [
          { value: '8fdfc703', label: 'Mr. Operator' },
          { value: 'b', label: 'b' },
        ],
      },
    ]);
    expect(asked.map(toTarget)).toEqual([`${PARAMETERS}203`]);
  });

  it('fetches the services of an action that has only a name, from XML', async () => {
    const xml =
      '<GetWorkflowPushParametersResult xmlns:i="x">' +
      '<Services><S><ServiceId>7</ServiceId><ServiceName>A &amp; B</ServiceName></S>' +
      '</Services><Users i:nil="true" /></GetWorkflowPushParametersResult>';
    const { actions } = await actionsOf([{ Action: 'TicketConvertToIncident', ExtraParameterIsNeeded: true }], {
      [`${PARAMETERS}TicketConvertToIncident`]: answerOf(xml, 200, 'application/xml'),
    });
    expect(await inputsOf(actions[0])).toEqual([
      { name: 'serviceId', type: 'INTEGER', required: true, options: [{ value: '7', label: 'A & B' }] },
    ]);
  });

  it('requires the documented inputs if there are no options', async () => {
    const entry = (Action: unknown) => ({ Action, ExtraParameterIsNeeded: true });
    const nothing = answerOf({ Users: null, Services: null });
    const { actions } = await actionsOf([entry('ChangeAssign'), entry(400), entry('IncidentWaitForThirdParty')], {
      [`${PARAMETERS}ChangeAssign`]: nothing,
      [`${PARAMETERS}400`]: answerOf({ Users: [], Services: [] }),
      [`${PARAMETERS}IncidentWaitForThirdParty`]: answerOf({ Users: [{ UserProviderKey: 'a', UserName: 'anna' }] }),
    });
    expect(await inputsOf(actions[0])).toEqual([{ name: 'userProviderKey', type: 'ID', required: true }]);
    expect(await inputsOf(actions[1])).toEqual([]);
    expect(await inputsOf(actions[2])).toEqual([
      { name: 'userProviderKey', type: 'ID', required: true, options: [{ value: 'a', label: 'anna' }] },
      { name: 'customerId', type: 'INTEGER', required: false },
      { name: 'note', type: 'STRING', required: false },
    ]);
  });

  it('reads a single user, and users under keys that are digits', async () => {
    const user = { UserProviderKey: 'a', UserName: 'anna' };
    for (const Users of [user, [user], { 0: user }, { User: user }]) {
      const { actions } = await actionsOf([{ Action: 1, ExtraParameterIsNeeded: true }], {
        [`${PARAMETERS}1`]: answerOf({ Users }),
      });
      expect(await inputsOf(actions[0])).toMatchObject([{ options: [{ value: 'a', label: 'anna' }] }]);
    }
  });

  it.each(['{}', 'null', '[]'])('requires no input if the parameters are %s', async (text) => {
    const { actions } = await actionsOf([{ Action: 1, ExtraParameterIsNeeded: true }], {
      [`${PARAMETERS}1`]: answerOf(text),
    });
    expect(await inputsOf(actions[0])).toEqual([]);
  });

  it('fails if the users cannot be parsed', async () => {
    const { actions } = await actionsOf([{ Action: 1, ExtraParameterIsNeeded: true }], {
      [`${PARAMETERS}1`]: answerOf('<html></html>', 200, 'text/html'),
    });
    await expect(inputsOf(actions[0])).rejects.toMatchObject({ details: { kind: 'protocol' } });
  });
});

// ---------------------------------------------------------------- failures

describe('Requestor errors', () => {
  it.each([
    ['JSON', '{"Message":"Not now."}', 'application/json'],
    ['JSON without a content type', '{"Message":"Not now."}', ''],
    ['one JSON text', '"Not now."', 'application/json'],
    ['XML', '<Error><Message>Not now.</Message></Error>', 'application/xml'],
    [
      'one XML text',
      '<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">Not now.</string>',
      'text/xml',
    ],
    ['plain text', 'Not now.', 'text/plain'],
    ['plain text without a content type', ' Not now.\n', ''],
  ])('exposes a Message given as %s', (_, body, type) => {
    expect(toFailure(answerOf(body, 400, type))).toEqual({ kind: 'rejected', upstreamMessage: 'Not now.' });
  });

  it.each([
    [
      'a stack trace beside no Message',
      '{"ExceptionMessage":"x","StackTrace":"y","ModelState":{"a":["b"]}}',
      'application/json',
    ],
    ['XML without a Message', '<Error><ExceptionMessage>x</ExceptionMessage></Error>', 'application/xml'],
    ['XML that is one stack trace', '<StackTrace>x</StackTrace>', 'application/xml'],
    ['a Message that is no text', '{"Message":{"a":1}}', 'application/json'],
    ['a web page', '<html><body>Bad Request</body></html>', 'text/html'],
    ['text that calls itself a web page', 'Bad Request', 'text/html'],
    ['broken JSON', '{"Message":"Not', 'application/json'],
    ['an exception in plain text', 'System.NullReferenceException: x\r\n   at Y.Z()', 'text/plain'],
    ['nothing', '', ''],
  ])('exposes no message for %s', (_, body, type) => {
    expect(toFailure(answerOf(body, 400, type))).toEqual({ kind: 'rejected' });
  });

  it('exposes only the Message', () => {
    const body = {
      Message: 'Not now.',
      ExceptionMessage: 'secret',
      StackTrace: 'at Secret',
      ModelState: { a: ['secret'] },
    };
    expect(JSON.stringify(toFailure(answerOf(body, 400)))).not.toMatch(/secret/i);
  });

  it.each([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'rejected'],
    [429, 'rate-limited'],
    [500, 'unavailable'],
  ])('maps status %i to %s', (status, kind) => {
    expect(toFailure(answerOf('plain', status, 'text/plain'))).toEqual({ kind });
  });
});
