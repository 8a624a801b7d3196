/** `HUAWEI_LANGUAGE=caller`: requests to Huawei Cloud use the language in the caller's `Accept-Language`. */
import { expect, test } from 'vitest';
import { checkSource } from '../../../datasources/upstream/health-check.ts';
import { vendors } from '../../../datasources/vendors.ts';
import { readEnvironment } from '../../../server/config/server-settings.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/sandbox.ts';

const CASE = '{ ticket(id: "huawei:TS-123456") { ... on HuaweiTicket { businessType incidentType } } }';
const CHINESE = /[\u4e00-\u9fff]/;
const SOON = { interval: 5 };

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    keys: ['huawei', 'omnidesk'],
    ...options,
    environment: { HUAWEI_LANGUAGE: 'caller', ...options.environment },
  });

/** Without Accept-Language, fetch sends `*`. */
const ask = (server: TestServer, query: string, language: string, variables = {}) =>
  server.ask(query, variables, { headers: { 'accept-language': language } });

const languagesSent = (server: TestServer, key = 'huawei') =>
  server.calls(key).map(({ arrival }) => arrival.headers['x-language']);

test.each([
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-cn'],
  ['zh', 'zh-cn'],
  ['zh-Hant-TW', 'zh-cn'],
  ['ZH-cn', 'zh-cn'],
  ['de-DE, zh;q=0.5, en;q=0.4', 'zh-cn'],
  ['en-GB,en;q=0.9', 'en-us'],
  ['en;q=0.2, zh;q=0.1', 'en-us'],
  ['cs, de;q=0.5', 'en-us'],
  ['*', 'en-us'],
  ['en;q=0, *', 'zh-cn'],
  ['zh;q=0', 'en-us'],
  ['', 'en-us'],
  ['zh\u00e9', 'en-us'],
  [`${'de,'.repeat(2_000)}zh`, 'en-us'],
])('Accept-Language %j is sent to Huawei Cloud as %s', async (header, sent) => {
  const server = await start();
  expect((await ask(server, CASE, header)).errors).toBeUndefined();
  expect(languagesSent(server)).toEqual([sent]);
});

test('does not forward Accept-Language itself to any vendor', async () => {
  const server = await start();
  await ask(server, '{ tickets(first: 3) { nodes { __typename } } }', 'zh-CN, x-secret;q=0.1');
  for (const key of ['huawei', 'omnidesk']) {
    expect(server.calls(key).length).toBeGreaterThan(0);
    for (const { arrival } of server.calls(key)) expect(JSON.stringify(arrival.headers)).not.toContain('x-secret');
    for (const { arrival } of server.calls(key)) expect(arrival.headers).not.toHaveProperty('accept-language');
  }
  expect(languagesSent(server, 'omnidesk')).toEqual([undefined]);
});

test('accepts HUAWEI_LANGUAGE=caller in any letter case', async () => {
  const server = await start({ environment: { HUAWEI_LANGUAGE: 'Caller' } });
  await ask(server, CASE, 'zh');
  expect(languagesSent(server)).toEqual(['zh-cn']);
});

test('ignores Accept-Language without HUAWEI_LANGUAGE=caller', async () => {
  for (const environment of [{ HUAWEI_LANGUAGE: '' }, { HUAWEI_LANGUAGE: 'zh-cn' }]) {
    const server = await start({ environment });
    await ask(server, CASE, 'zh');
    await ask(server, CASE, 'en');
    const expected = environment.HUAWEI_LANGUAGE || 'en-us';
    expect(languagesSent(server)).toEqual([expected, expected]);
  }
});

test('shares reads in flight only between callers with the same language', async () => {
  let shared = 0;
  const server = await start({ observe: [{ onReadShared: () => void (shared += 1) }] });
  await ask(server, CASE, 'en');
  server.forget();
  const answer = Promise.withResolvers<undefined>();
  server.vendor('huawei').faults = () => ({ kind: 'hold', until: answer.promise });
  const asking = ['zh-CN', 'zh;q=0.3', 'en', 'en-GB', 'de'].map((language) => ask(server, CASE, language));
  await expect.poll(() => [shared, server.calls('huawei').length], SOON).toEqual([3, 2]);
  answer.resolve(undefined);
  const names = (await Promise.all(asking)).map(({ data }) => data.ticket.businessType as string);
  expect(names.map((name) => CHINESE.test(name))).toEqual([true, true, false, false, false]);
  expect(languagesSent(server).toSorted()).toEqual(['en-us', 'zh-cn']);
});

test('caches responses separately for each language', async () => {
  const server = await start({ environment: { HUAWEI_CACHE_MS: '60000' } });
  const nameIn = async (language: string): Promise<string> =>
    (await ask(server, CASE, language)).data.ticket.businessType;
  const [english, chinese] = [await nameIn('en'), await nameIn('zh')];
  expect([CHINESE.test(english), CHINESE.test(chinese)]).toEqual([false, true]);
  expect([await nameIn('zh-TW'), await nameIn('en-GB'), await nameIn('fr')]).toEqual([chinese, english, english]);
  expect(server.calls('huawei')).toHaveLength(2);
});

test('lists, actions and writes use the language of the caller', async () => {
  const server = await start();
  const list =
    '{ tickets(first: 2, filter: { vendors: [HUAWEI] }) { nodes { ... on HuaweiTicket { incidentType } } } }';
  const { data } = await ask(server, list, 'zh');
  for (const { incidentType } of data.tickets.nodes) expect(incidentType).toMatch(CHINESE);
  await ask(
    server,
    'mutation { executeAction(input: { ticketId: "huawei:TS-123456", action: "press" }) { outcome } }',
    'zh',
  );
  expect(new Set(languagesSent(server))).toEqual(new Set(['zh-cn']));
  const plan = await ask(
    server,
    'mutation { executeAction(input: { ticketId: "huawei:TS-123456", action: "close", dryRun: true }) { plan { headers } } }',
    'zh',
  );
  expect(plan.data.executeAction.plan[0].headers['X-Language']).toBe('zh-cn');
});

test('a prepared operation uses the language of each caller', async () => {
  const server = await start();
  const seen: boolean[] = [];
  for (const language of ['en', 'zh', 'en', 'zh']) {
    seen.push(CHINESE.test((await ask(server, CASE, language)).data.ticket.businessType as string));
  }
  expect(seen).toEqual([false, true, false, true]);
});

test('an idempotency key is the same key in every language', async () => {
  const server = await start();
  const write =
    'mutation { executeAction(input: { ticketId: "huawei:TS-123456", action: "press", idempotencyKey: "k" }) { outcome replayed } }';
  expect((await ask(server, write, 'en')).data.executeAction).toEqual({ outcome: 'APPLIED', replayed: false });
  expect((await ask(server, write, 'zh')).data.executeAction).toEqual({ outcome: 'APPLIED', replayed: true });
  expect(server.calls('huawei')).toHaveLength(1);
});

test('credentials and language of a caller can both be forwarded', async () => {
  const environment = { HUAWEI_IAM_URL: '', HUAWEI_DOMAIN: '', HUAWEI_USERNAME: '', HUAWEI_PASSWORD: '' };
  const server = await start({ environment: { ...environment, HUAWEI_FORWARD_TOKEN: 'x-huawei-token' } });
  const headers = { 'x-huawei-token': 'token-of-jana', 'accept-language': 'zh' };
  await server.ask(CASE, {}, { headers });
  const { arrival } = server.calls('huawei')[0]!;
  expect([arrival.headers['x-auth-token'], arrival.headers['x-language']]).toEqual(['token-of-jana', 'zh-cn']);
});

test('the doctor uses the default language', async () => {
  const server = await start();
  const environment = {
    HUAWEI_URL: server.vendor('huawei').url,
    HUAWEI_IAM_URL: server.vendor('huawei').url,
    HUAWEI_DOMAIN: 'sandbox-domain',
    HUAWEI_USERNAME: 'sandbox',
    HUAWEI_PASSWORD: 'sandbox-password',
    HUAWEI_LANGUAGE: 'caller',
  };
  const { configured } = readEnvironment(environment, vendors);
  expect(await checkSource(configured[0]!, 2_000_000)).toMatchObject({ read: 'ok' });
  expect(languagesSent(server)).toEqual(['en-us']);
});
