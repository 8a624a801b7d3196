/** Holds the simulated Requestor to its documentation, over plain HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { simulation } from '../../sandbox/vendors/requestor.ts';

const POSTS = 'http://schemas.datacontract.org/2004/07/RequestorApiDataStructures.Posts';
const RESULTS = 'http://schemas.datacontract.org/2004/07/RequestorApiDataStructures.Results';
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const SUSPEND = {
  TicketId: null,
  TicketREF: 'INC-000047',
  Action: 207,
  UserProviderKey: null,
  ServiceId: null,
  CustomerId: null,
  Note: null,
};
const START = Date.UTC(2026, 2, 1, 12);

interface Offer {
  Action: number;
  Name: string;
  DisplayName: string;
  ExtraParameterIsNeeded: boolean;
}
interface Message {
  Text: string;
  IsPrivate: boolean;
}
interface Ticket {
  TicketId: number;
  TicketREF: string;
  TicketType: number;
  TicketState: number;
  TicketSummaryState: number;
  Subject: string | null;
  CreatedUTC: string;
  Closed: boolean;
  ClosedUTC: string | null;
  SolverKey: string | null;
  SubmitterCompany: number | null;
  ServiceId: number | null;
  AllAvailableTicketActions: Offer[];
  Messages: Message[];
}
interface Parameters {
  Users: { UserProviderKey: string; Fullname: string; UserName: string }[] | null;
  Services: { ServiceId: number; ServiceName: string }[] | null;
}

let vendor: RunningVendor;
beforeEach(async () => {
  vendor = await startVendor(simulation, { now: () => START });
});
afterEach(() => vendor.close());

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;

function call(path: string, init: RequestInit = {}): Promise<Response> {
  const { REQUESTOR_USERNAME: user, REQUESTOR_PASSWORD: password } = vendor.settings;
  const headers = {
    authorization: basic(`${user}:${password}`),
    ...(init.headers as Record<string, string>),
  };
  return fetch(`${vendor.url}${path}`, { ...init, headers, redirect: 'manual' });
}

function push(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { 'content-type': 'application/json', ...headers };
  return call('/api/Tickets/WorkflowPush', { method: 'POST', headers: all, body: text });
}

const pushXml = (members: string, headers: Record<string, string> = {}): Promise<Response> =>
  push(`<WorkflowPushPost xmlns:i="${INSTANCE}" xmlns="${POSTS}">${members}</WorkflowPushPost>`, {
    'content-type': 'application/xml',
    ...headers,
  });

async function read(key: number | string, query = ''): Promise<Ticket> {
  const response = await call(`/api/Tickets/GetTicket/${key}${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Ticket;
}

async function parameters(query: string): Promise<Parameters> {
  const response = await call(`/api/Tickets/GetWorkflowParameters?${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Parameters;
}

const readAll = (): Promise<Ticket[]> => Promise.all(vendor.vendor.ticketIds().map((id) => read(id)));

async function findOffering(name: string): Promise<Ticket> {
  const found = (await readAll()).find((ticket) => offered(ticket).includes(name));
  if (!found) throw new Error(`no seeded ticket offers ${name}`);
  return found;
}

const offered = (ticket: Ticket): string[] => ticket.AllAvailableTicketActions.map(({ Name }) => Name);

/** Expects a rejection in the vendor's format, and no effect. */
async function rejects(pending: Promise<Response>, status: number, message: RegExp): Promise<void> {
  const response = await pending;
  const body = (await response.json()) as { Message: string };
  expect({ status: response.status, keys: Object.keys(body) }).toEqual({ status, keys: ['Message'] });
  expect(body.Message).toMatch(message);
  expect(vendor.effects).toEqual([]);
}

describe('sign-in', () => {
  it.each([
    ['no credentials', undefined],
    ['a wrong password', basic('sandbox:wrong')],
    ['an unknown user', basic('someone:sandbox-password')],
    ['an empty Basic', 'Basic '],
    ['another scheme', `Bearer ${Buffer.from('sandbox:sandbox-password').toString('base64')}`],
  ])('responds to %s with a Basic challenge, for reads and writes', async (_, authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const json = { ...headers, 'content-type': 'application/json' };
    for (const [path, init] of [
      ['GetTicket/47', { headers }],
      ['GetWorkflowParameters?ticketREF=INC-000047&ticketAction=207', { headers }],
      ['WorkflowPush', { method: 'POST', headers: json, body: JSON.stringify(SUSPEND) }],
    ] as const) {
      const response = await fetch(`${vendor.url}/api/Tickets/${path}`, { ...init, redirect: 'manual' });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(await response.json()).toEqual({ Message: expect.any(String) as string });
    }
    expect(vendor.effects).toEqual([]);
  });
});

describe('paths and methods', () => {
  it.each([
    '/',
    '/api/Tickets',
    '/api/Tickets/',
    '/api/Tickets/List',
    '/api/Tickets/GetTicket',
    '/api/Tickets/GetTicket/',
    '/api/Tickets/GetTicket/47/messages',
    '/api/Tickets/WorkflowPush/47',
    '/api/tickets/getticket/47',
  ])('has no resource at %s', (path) => rejects(call(path), 404, /^No HTTP resource was found/));

  it.each([
    ['GET', '/api/Tickets/WorkflowPush', 'POST'],
    ['PUT', '/api/Tickets/WorkflowPush', 'POST'],
    ['POST', '/api/Tickets/GetTicket/47', 'GET'],
    ['DELETE', '/api/Tickets/GetTicket/47', 'GET'],
    ['POST', '/api/Tickets/GetWorkflowParameters?ticketREF=INC-000047&ticketAction=207', 'GET'],
  ])('rejects %s on %s, and allows %s', async (method, path, allowed) => {
    const response = await call(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allowed);
  });

  it('rejects undocumented URI parameters', async () => {
    await rejects(call('/api/Tickets/GetTicket/47?plainText=true'), 400, /plainText/);
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(SUSPEND),
    };
    await rejects(call('/api/Tickets/WorkflowPush?ticketId=47', init), 400, /ticketId/);
  });
});

describe('GetTicket', () => {
  it('returns the documented fields in the documented order', async () => {
    const ticket = await read(47);
    expect(Object.keys(ticket).slice(0, 21)).toEqual([
      ...['TicketId', 'TicketREF', 'TicketType', 'Subject', 'CreatedUTC', 'Closed', 'ClosedUTC', 'SubmitterKey'],
      ...['SubmitterFullName', 'SubmitterCompany', 'SolverKey', 'SolverFullName', 'TicketState'],
      ...['TicketSummaryState', 'Source', 'TicketUserSourceId', 'ServiceId', 'ServiceName', 'ResolutionText'],
      ...['IsPrivateMessageSupported', 'AllAvailableTicketActions'],
    ]);
    expect(ticket).toMatchObject({ TicketId: 47, TicketREF: 'INC-000047', TicketType: 2, Closed: false });
  });

  it('finds the same ticket by its id and by its reference', async () => {
    expect(await read('INC-000047')).toEqual(await read(47));
  });

  it('offers IncidentSuspend (207) for INC-000047 at the start', async () => {
    expect((await read(47)).AllAvailableTicketActions).toContainEqual({
      Action: 207,
      Name: 'IncidentSuspend',
      DisplayName: 'Suspend',
      ExtraParameterIsNeeded: false,
    });
  });

  it('returns messages with HTML unless plainTextOnly is set', async () => {
    const [html, alsoHtml, plain] = await Promise.all([
      read(47),
      read(47, '?plainTextOnly=false'),
      read(47, '?plainTextOnly=true'),
    ]);
    expect(html.Messages[0]?.Text).toMatch(/^<p>Good morning,<br\/>/);
    expect(alsoHtml).toEqual(html);
    expect(plain.Messages[0]?.Text).toMatch(/^Good morning,\n[^<]+$/);
    await rejects(call('/api/Tickets/GetTicket/47?plainTextOnly=yes'), 400, /plainTextOnly/);
  });

  it.each(['0', '999999', 'INC-999999', 'inc-000047', 'REQ-000047', '..%2F47'])('does not find %s', (key) =>
    rejects(call(`/api/Tickets/GetTicket/${key}`), 404, /was not found/),
  );

  it('rejects a path that cannot be decoded', () => rejects(call('/api/Tickets/GetTicket/%E0%A4'), 400, /not valid/));
});

describe('response media type', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/html', 'application/json'],
    ['text/xml;q=0', 'application/json'],
    ['text/json', 'text/json'],
    ['text/*', 'text/json'],
    ['application/xml', 'application/xml'],
    ['text/xml', 'text/xml'],
    ['*/*, application/xml', 'application/xml'],
    ['application/xml, application/json', 'application/json'],
    ['application/json;q=0.4, text/xml;q=0.5', 'text/xml'],
    ['application/json;q=0, application/*;q=0.1', 'application/xml'],
  ])('responds to Accept %s with %s', async (accept, mediaType) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const response = await call('/api/Tickets/GetTicket/47', { headers });
    expect(response.headers.get('content-type')).toBe(`${mediaType}; charset=utf-8`);
    expect((await response.text()).startsWith(mediaType.endsWith('xml') ? '<GetTicketResult ' : '{')).toBe(true);
  });

  it('writes XML with enums as names, members in alphabetical order, and nil for null', async () => {
    const response = await call('/api/Tickets/GetTicket/47', { headers: { accept: 'application/xml' } });
    const body = await response.text();
    expect(body.startsWith(`<GetTicketResult xmlns:i="${INSTANCE}" xmlns="${RESULTS}">`)).toBe(true);
    expect(body).toContain('<TicketType>Incident</TicketType>');
    expect(body).toContain('<Action>IncidentSuspend</Action><DisplayName>Suspend</DisplayName>');
    expect(body).toContain('<ClosedUTC i:nil="true"/><CreatedUTC>');
  });

  it('escapes text in XML', async () => {
    const ticket = (await readAll()).find(({ Subject }) => Subject?.includes('<2 MB &'));
    const headers = { accept: 'application/xml' };
    const response = await call(`/api/Tickets/GetTicket/${ticket?.TicketId}`, { headers });
    expect(await response.text()).toContain('<Subject>Cannot open invoices &lt;2 MB &amp; larger in ERP</Subject>');
  });

  it('uses the requested media type for errors', async () => {
    const response = await push({ ...SUSPEND, Action: 208 }, { accept: 'text/xml' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(await response.text()).toMatch(/^<Error><Message>[^<]*IncidentResume[^<]*<\/Message><\/Error>$/);
  });
});

describe('GetWorkflowParameters', () => {
  it.each(['IncidentAssignOther', '202'])('lists the users for %s, without the current solver', async (action) => {
    const { Users, Services } = await parameters(`ticketREF=INC-000047&ticketAction=${action}`);
    expect(Services).toBeNull();
    expect(Object.keys(Users?.[0] ?? {})).toEqual(['UserProviderKey', 'Fullname', 'UserName']);
    expect(Users?.map(({ UserProviderKey }) => UserProviderKey)).not.toContain((await read(47)).SolverKey);
  });

  it('lists the services for a conversion', async () => {
    const { TicketREF } = await findOffering('TicketConvertToIncident');
    const { Users, Services } = await parameters(`ticketREF=${TicketREF}&ticketAction=TicketConvertToIncident`);
    expect(Users).toBeNull();
    expect(Services).toContainEqual({ ServiceId: 9, ServiceName: 'Network and VPN' });
  });

  it('returns null twice for an action without inputs', async () => {
    expect(await parameters('ticketREF=INC-000047&ticketAction=207')).toEqual({
      Users: null,
      Services: null,
    });
  });

  it('returns users or services for exactly the actions with ExtraParameterIsNeeded', async () => {
    for (const ticket of await readAll()) {
      for (const { Action, ExtraParameterIsNeeded } of ticket.AllAvailableTicketActions) {
        const given = await parameters(`ticketREF=${ticket.TicketREF}&ticketAction=${Action}`);
        expect((given.Users ?? given.Services) !== null).toBe(ExtraParameterIsNeeded);
      }
    }
  });

  it.each([
    ['ticketAction=207', 400, /required/],
    ['ticketREF=INC-000047', 400, /required/],
    ['ticketREF=INC-000047&ticketAction=IncidentDance', 400, /IncidentDance/],
    ['ticketREF=INC-000047&ticketAction=208', 400, /not available/],
    ['ticketREF=INC-000047&ticketAction=207&ticketId=47', 400, /ticketId/],
    ['ticketREF=INC-000047&ticketREF=INC-000015&ticketAction=207', 400, /ticketREF/],
    ['ticketREF=47&ticketAction=207', 404, /not found/],
  ])('rejects parameters for %s', (query, status, message) =>
    rejects(call(`/api/Tickets/GetWorkflowParameters?${query}`), status, message),
  );
});

describe('WorkflowPush', () => {
  it.each(['application/json', 'text/json', 'application/json; charset=utf-8', 'TEXT/JSON;charset="UTF-8"'])(
    'accepts the documented JSON as %s, and suspends the ticket',
    async (type) => {
      const before = await read(47);
      const response = await push(SUSPEND, { 'content-type': type });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('{"TicketREF":"INC-000047","TicketId":47}');
      const after = await read(47);
      expect(after.TicketState).not.toBe(before.TicketState);
      expect(offered(after)).toEqual(['IncidentResume']);
      expect(vendor.effects).toEqual([{ what: 'WorkflowPush 207', ticket: '47' }]);
    },
  );

  it.each(['application/xml', 'text/xml'])('accepts the documented XML as %s', async (type) => {
    const members =
      '<Action>IncidentSuspend</Action><CustomerId i:nil="true"/><Note i:nil="true"/><ServiceId i:nil="true"/>' +
      '<TicketId i:nil="true"/><TicketREF>INC-000047</TicketREF><UserProviderKey i:nil="true"/>';
    const response = await pushXml(members, { 'content-type': type, accept: type });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(
      `<WorkflowPushResult xmlns:i="${INSTANCE}" xmlns="${RESULTS}">` +
        '<TicketId>47</TicketId><TicketREF>INC-000047</TicketREF></WorkflowPushResult>',
    );
    expect(offered(await read(47))).toEqual(['IncidentResume']);
    expect(vendor.effects).toEqual([{ what: 'WorkflowPush 207', ticket: '47' }]);
  });

  it('accepts the id instead of the reference, and missing fields as null', async () => {
    expect((await push({ TicketId: 47, Action: 207 })).status).toBe(200);
    expect((await pushXml('<Action>IncidentResume</Action><TicketId>47</TicketId>')).status).toBe(200);
    expect(vendor.effects.map(({ what }) => what)).toEqual(['WorkflowPush 207', 'WorkflowPush 208']);
  });

  it('rejects an action that the state does not allow, e.g. a repeated one', async () => {
    expect((await push(SUSPEND)).status).toBe(200);
    vendor.effects.length = 0;
    await rejects(push(SUSPEND), 400, /IncidentSuspend is not available for ticket INC-000047/);
    await rejects(push({ ...SUSPEND, Action: 301 }), 400, /ServiceRequestAssign is not available/);
  });

  it.each<[string, object, RegExp]>([
    ['the action by name', { Action: 'IncidentSuspend' }, /Action/],
    ['the action as a numeric text', { Action: '207' }, /Action/],
    ['an unknown action', { Action: 999 }, /999/],
    ['no action', { Action: null }, /Action is required/],
    ['an id as text', { TicketREF: null, TicketId: '47' }, /TicketId/],
    ['an id with a fraction', { TicketREF: null, TicketId: 47.5 }, /TicketId/],
    ['an id past 32 bits', { TicketREF: null, TicketId: 2 ** 32 + 47 }, /TicketId/],
    ['a reference as number', { TicketREF: 47 }, /TicketREF/],
    ['both id and reference', { TicketId: 47 }, /Exactly one/],
    ['neither id nor reference', { TicketREF: null }, /Exactly one/],
    ['a field that is not documented', { Comment: 'x' }, /Comment/],
    ['a field in other letters', { note: 'x' }, /note/],
    ['an unknown reference', { TicketREF: 'INC-999999' }, /not found/],
    ['the id that samples show', { TicketREF: null, TicketId: 0 }, /not found/],
    ['a note where none is taken', { Note: 'x' }, /Note is not valid/],
    ['a customer where none is taken', { CustomerId: 11 }, /CustomerId is not valid/],
    ['a service where none is taken', { ServiceId: 3 }, /ServiceId is not valid/],
    ['a user where none is taken', { UserProviderKey: '8fdfc703-b9d5-4c1e-9a67-2f0b1d5e8c34' }, /is not valid/],
  ])('rejects %s in JSON', (_, change, message) => rejects(push({ ...SUSPEND, ...change }), 400, message));

  it.each(['', '{', 'null', '[]', '207', '"INC-000047"'])('rejects %j as a JSON body', (body) =>
    rejects(push(body), 400, /The request is invalid/),
  );

  it.each([
    ['the action as a number', '<Action>207</Action><TicketId>47</TicketId>', /Invalid enum value '207'/],
    ['a nil action', '<Action i:nil="true"/><TicketId>47</TicketId>', /Action is required/],
    ['an id that is no number', '<Action>IncidentSuspend</Action><TicketId>x</TicketId>', /TicketId/],
    ['an empty id', '<Action>IncidentSuspend</Action><TicketId/>', /TicketId/],
    ['an undeclared prefix', '<Action x:nil="true"/><TicketId>47</TicketId>', /undeclared prefix/],
    ['an element that is not documented', '<Action>IncidentSuspend</Action><Comment>x</Comment>', /Comment/],
    ['an element inside a value', '<Action>IncidentSuspend</Action><TicketREF>INC-000047<b/></TicketREF>', /TicketREF/],
  ])('rejects %s in XML', (_, members, message) => rejects(pushXml(members), 400, message));

  it('skips XML elements that are out of order, as DataContractSerializer does', async () => {
    await rejects(pushXml('<TicketId>47</TicketId><Action>IncidentSuspend</Action>'), 400, /Action is required/);
    const late = '<Action>IncidentWaitForThirdParty</Action><TicketId>47</TicketId><Note>lost</Note>';
    expect((await pushXml(late)).status).toBe(200);
    expect((await read(47)).Messages).toHaveLength(1);
  });

  it.each([
    ['no namespace', '<WorkflowPushPost><Action>IncidentSuspend</Action></WorkflowPushPost>', /Expecting element/],
    ['another root', `<WorkflowPush xmlns="${POSTS}"/>`, /Expecting element/],
    [
      'members of another namespace',
      `<p:WorkflowPushPost xmlns:p="${POSTS}"><Action>IncidentSuspend</Action></p:WorkflowPushPost>`,
      /Action is required/,
    ],
    ['what is not well-formed', `<WorkflowPushPost xmlns="${POSTS}">`, /not XML/],
    ['a name that parsers reject', `<WorkflowPushPost xmlns="${POSTS}"><constructor/></WorkflowPushPost>`, /not XML/],
    ['a document type', `<!DOCTYPE a [<!ENTITY b "c">]><WorkflowPushPost xmlns="${POSTS}"/>`, /not XML/],
    ['JSON', JSON.stringify(SUSPEND), /not XML/],
    ['an empty body', '', /not XML/],
  ])('rejects XML with %s', (_, body, message) =>
    rejects(push(body, { 'content-type': 'application/xml' }), 400, message),
  );

  it('accepts prefixes, comments, entities and CDATA in XML', async () => {
    const body =
      `<?xml version="1.0" encoding="utf-8"?><!-- by hand --><p:WorkflowPushPost xmlns:p="${POSTS}" ` +
      `xmlns:n="${INSTANCE}"><p:Action>IncidentWaitForThirdParty</p:Action><p:CustomerId n:nil="1"/>` +
      '<p:Note>Tom &amp;amp; Jan &#x10d;<![CDATA[ <b>]]></p:Note><p:TicketId>47</p:TicketId>' +
      '</p:WorkflowPushPost>';
    expect((await push(body, { 'content-type': 'text/xml' })).status).toBe(200);
    const { Messages } = await read(47, '?plainTextOnly=true');
    expect(Messages[1]).toMatchObject({ Text: 'Tom &amp; Jan č <b>', IsPrivate: true });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', 'json'])(
    'rejects the content type %s',
    (type) => rejects(push(SUSPEND, { 'content-type': type }), 415, /is not supported/),
  );

  it('rejects a body without a content type', () => {
    const body = new Blob([JSON.stringify(SUSPEND)]);
    return rejects(call('/api/Tickets/WorkflowPush', { method: 'POST', body }), 415, /is not supported/);
  });
});

describe('action inputs', () => {
  it.each([
    'IncidentAssign',
    'IncidentAssignOther',
    'IncidentFunctionEscalate',
    'ServiceRequestAssign',
    'ServiceRequestAssignOther',
    'ProblemAssign',
    'ChangeAssign',
  ])('requires a user for %s, and makes this user the solver', async (name) => {
    const { TicketId, TicketREF, SolverKey } = await findOffering(name);
    const { Users } = await parameters(`ticketREF=${TicketREF}&ticketAction=${name}`);
    const user = Users?.[0]?.UserProviderKey ?? '';
    const members = (key: string): string => `<Action>${name}</Action><TicketId>${TicketId}</TicketId>${key}`;
    const withKey = (key: string): string => members(`<UserProviderKey>${key}</UserProviderKey>`);
    await rejects(pushXml(members('')), 400, /UserProviderKey is required/);
    await rejects(pushXml(withKey('00000000-0000-4000-8000-000000000000')), 400, /is not a user/);
    if (SolverKey) await rejects(pushXml(withKey(SolverKey)), 400, /is not a user/);
    expect((await pushXml(withKey(user))).status).toBe(200);
    expect((await read(TicketId)).SolverKey).toBe(user);
    expect(vendor.effects).toHaveLength(1);
  });

  it.each(['IncidentWaitForThirdParty', 'ServiceRequestWaitForThirdParty'])(
    'accepts a user, a customer and a note for %s, all optional',
    async (name) => {
      const { TicketId, AllAvailableTicketActions } = await findOffering(name);
      const { Action } = AllAvailableTicketActions.find(({ Name }) => Name === name)!;
      const order = { TicketId, Action };
      await rejects(push({ ...order, UserProviderKey: 'unknown' }), 400, /is not a user/);
      await rejects(push({ ...order, CustomerId: 0 }), 400, /customer/);
      const full = {
        UserProviderKey: '8fdfc703-b9d5-4c1e-9a67-2f0b1d5e8c34',
        CustomerId: 12,
        Note: 'Part <ordered>',
      };
      expect((await push({ ...order, ...full })).status).toBe(200);
      const after = await read(TicketId);
      expect(after.Messages.at(-1)).toMatchObject({ IsPrivate: true, Text: '<p>Part &lt;ordered&gt;</p>' });
      expect(offered(after)).not.toContain(name);
    },
  );

  it('performs WaitForThirdParty without optional inputs', async () => {
    expect((await pushXml('<Action>IncidentWaitForThirdParty</Action><TicketId>47</TicketId>')).status).toBe(200);
    expect((await read(47)).Messages).toHaveLength(1);
  });

  it.each([
    ['TicketConvertToIncident', 'INC', 2],
    ['TicketConvertToServiceRequest', 'REQ', 3],
  ])('requires a service for %s, and assigns a new reference with the same id', async (name, prefix, type) => {
    const { TicketId, TicketREF } = await findOffering(name);
    const members = (service: string): string =>
      `<Action>${name}</Action>${service}<TicketREF>${TicketREF}</TicketREF>`;
    await rejects(pushXml(members('')), 400, /ServiceId is required/);
    await rejects(pushXml(members('<ServiceId>4711</ServiceId>')), 400, /service was not found/);
    const answer = (await (await pushXml(members('<ServiceId>9</ServiceId>'))).json()) as Ticket;
    expect(answer.TicketId).toBe(TicketId);
    expect(answer.TicketREF).toMatch(new RegExp(`^${prefix}-\\d{6}$`));
    expect(await read(answer.TicketREF)).toMatchObject({ TicketId, TicketType: type, ServiceId: 9 });
    expect(vendor.effects).toHaveLength(1);
    expect((await call(`/api/Tickets/GetTicket/${TicketREF}`)).status).toBe(404);
    expect((await pushXml(members('<ServiceId>9</ServiceId>'))).status).toBe(400);
    expect(vendor.effects).toHaveLength(1);
  });
});

describe('workflow', () => {
  it('ends in a closed ticket without actions, which may be reopened before', async () => {
    for (const action of ['Solve', 'Reopen', 'Suspend', 'Resume', 'Solve', 'Close']) {
      expect((await pushXml(`<Action>Incident${action}</Action><TicketId>47</TicketId>`)).status).toBe(200);
    }
    const closed = await read(47);
    expect(closed).toMatchObject({ Closed: true, AllAvailableTicketActions: [] });
    expect(closed.ClosedUTC?.replace('Z', '')).toBe(new Date(START).toISOString().replace('Z', ''));
    expect(vendor.effects).toHaveLength(6);
    expect(new Set(vendor.effects.map(({ ticket }) => ticket))).toEqual(new Set(['47']));
  });

  it('offers actions on every open ticket, and none on a closed one', async () => {
    for (const { Closed, ClosedUTC, AllAvailableTicketActions } of await readAll()) {
      expect(AllAvailableTicketActions.length > 0).toBe(!Closed);
      expect(ClosedUTC !== null).toBe(Closed);
    }
  });
});

describe('seeded tickets', () => {
  it('holds the same tickets after every start', async () => {
    const again = await startVendor(simulation, { now: () => START });
    const headers = { authorization: basic('sandbox:sandbox-password') };
    const response = await fetch(`${again.url}/api/Tickets/GetTicket/16558`, { headers });
    expect(await response.json()).toEqual(await read(16558));
    expect(again.vendor.ticketIds()).toEqual(vendor.vendor.ticketIds());
    await again.close();
  });

  it('holds at least 48 tickets, newest first, of the last 60 days', async () => {
    const tickets = await readAll();
    const created = tickets.map(({ CreatedUTC }) => Date.parse(`${CreatedUTC.replace('Z', '')}Z`));
    expect(tickets.length).toBeGreaterThanOrEqual(48);
    expect(created).toEqual(created.toSorted((a, b) => b - a));
    expect(created[0]).toBeLessThan(START);
    expect(created.at(-1)).toBeGreaterThanOrEqual(START - 60 * 86_400_000);
  });

  it('holds every type in every state, including two additional states', async () => {
    const tickets = await readAll();
    const count = (type: number): number =>
      new Set(tickets.filter(({ TicketType }) => TicketType === type).map(({ TicketState }) => TicketState)).size;
    expect([1, 2, 3, 4, 5].map(count)).toEqual([5, 7, 6, 5, 6]);
    expect(new Set(tickets.filter((t) => t.TicketSummaryState === 99).map((t) => t.TicketState)).size).toBe(2);
    expect(new Set(tickets.map(({ TicketREF }) => TicketREF.slice(0, 4)))).toEqual(
      new Set(['TIC-', 'INC-', 'REQ-', 'PRO-', 'CHG-']),
    );
  });

  it('holds edge cases: nulls, a long title, times without Z, a reference that differs from the id', async () => {
    const tickets = await readAll();
    expect(tickets.some(({ Subject }) => Subject === null)).toBe(true);
    expect(tickets.some(({ Subject }) => (Subject?.length ?? 0) > 255)).toBe(true);
    expect(tickets.some(({ ServiceId }) => ServiceId === null)).toBe(true);
    expect(tickets.some(({ SolverKey }) => SolverKey === null)).toBe(true);
    expect(tickets.some(({ SubmitterCompany }) => SubmitterCompany === null)).toBe(true);
    expect(new Set(tickets.map(({ CreatedUTC }) => CreatedUTC.endsWith('Z')))).toEqual(new Set([true, false]));
    expect(tickets.filter((t) => Number(t.TicketREF.slice(4)) !== t.TicketId)).toHaveLength(2);
    expect(tickets.map(({ TicketREF }) => TicketREF)).toEqual(expect.arrayContaining(['INC-000015', 'TIC-016558']));
    expect(new Set(tickets.map(({ TicketREF }) => TicketREF)).size).toBe(tickets.length);
  });
});
