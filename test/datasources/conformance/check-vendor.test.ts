/** Checks of running vendors: what is found, that nothing is written, and that no value is reported. */
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  LIST_PATIENCE_MS,
  checkConformance,
  type CheckOptions,
  type ConformanceReport,
} from '../../../datasources/conformance/check-vendor.ts';
import { documentedVendor } from '../../../datasources/conformance/documented.ts';
import type { Finding } from '../../../datasources/conformance/finding.ts';
import type { Ticket, Vendor, Datasource } from '../../../datasources/contract.ts';
import { Failure } from '../../../datasources/vendor-kit/failure.ts';
import { defaultSource, readSourceSettings } from '../../../datasources/upstream/connection-settings.ts';
import { vendors } from '../../../datasources/vendors.ts';
import { loadSimulation } from '../../../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../../../sandbox/server.ts';
import type { CannedResponse, ReceivedRequest } from '../../../sandbox/simulation.ts';
import { startEndpoint } from '../../support/endpoint.ts';
import { SAMPLED, isSignIn } from '../../support/samples.ts';
import { loadTypeDefs } from '../../../schema/index.ts';
import { buildSchema } from '../../../server/server.ts';

async function start(key: string): Promise<RunningVendor> {
  const running = await startVendor(await loadSimulation(key));
  onTestFinished(() => running.close());
  return running;
}

interface Checked extends ConformanceReport {
  /** In short, sorted: those that mislead in capitals. */
  readonly short: readonly string[];
}

async function check(
  running: RunningVendor,
  { environment = {}, ...options }: Partial<CheckOptions> & { readonly environment?: Record<string, string> } = {},
): Promise<Checked> {
  const vendor = vendors.find(({ key }) => key === running.key)!;
  const read = readSourceSettings({ key: vendor.key, vendor: vendor }, { ...running.settings, ...environment });
  if ('errors' in read) throw new TypeError(JSON.stringify(read.errors));
  const documented = documentedVendor(vendor.key);
  const report = await checkConformance(
    { source: defaultSource(vendor), settings: read.settings },
    { maximumBytes: 2e6, documented, ...options },
  );
  return { ...report, short: report.findings.map(inShort).toSorted() };
}

/** Checks a vendor of which something is different. */
async function checkChanged(running: RunningVendor, change: Partial<Vendor>): Promise<ConformanceReport> {
  const vendor = { ...vendors.find(({ key }) => key === running.key)!, ...change };
  const read = readSourceSettings({ key: vendor.key, vendor: vendor }, running.settings);
  if ('errors' in read) throw new TypeError(JSON.stringify(read.errors));
  const documented = documentedVendor(vendor.key);
  return checkConformance(
    { source: defaultSource(vendor), settings: read.settings },
    { maximumBytes: 2e6, documented },
  );
}

function inShort({ kind, misleads, operation, path, found }: Finding): string {
  return [misleads ? kind.toUpperCase() : kind, operation, ...(path === null ? [] : [path]), found].join(' ');
}

/** Passes each answer of the vendor through a function. */
function alter(
  running: RunningVendor,
  change: (reply: CannedResponse, arrival: ReceivedRequest) => CannedResponse,
): void {
  running.faults = (arrival) => ({
    kind: 'answer',
    applied: false,
    reply: isSignIn(arrival) ? running.vendor.handle(arrival) : change(running.vendor.handle(arrival), arrival),
  });
}

/** Changes each object of the JSON in a reply. */
function withObjects(reply: CannedResponse, change: (object: Record<string, unknown>) => void): CannedResponse {
  const body = JSON.stringify(
    JSON.parse(reply.body ?? 'null', (_, value: unknown) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        change(value as Record<string, unknown>);
      return value;
    }),
  );
  return { ...reply, body };
}

// ---------------------------------------------------------------- every vendor

describe.each(vendors.map(({ key }) => key))('a check of the vendor %s', (key) => {
  test(`${key}: sends GET and sign-ins only, and changes nothing`, async () => {
    const running = await start(key);
    const { reads, hasTickets } = await check(running);
    expect(hasTickets).toBe(true);
    const sent = running.ledger.map(({ arrival }) => arrival);
    expect(sent.filter((arrival) => arrival.method !== 'GET' && !isSignIn(arrival))).toEqual([]);
    expect(running.effects).toEqual([]);
    // Every request but the sign-ins is a read that is reported.
    expect(sent.filter((arrival) => !isSignIn(arrival))).toHaveLength(reads.length);
    expect(reads.length).toBeGreaterThan(0);
  });

  test(`${key}: the sandbox answers as the exchanges show, but for words that are unknown on purpose`, async () => {
    const { findings } = await check(await start(key));
    const misleading = findings.filter(({ misleads, kind }) => misleads && kind !== 'unknown-word');
    expect(misleading.map(inShort)).toEqual([]);
  });

  test(`${key}: reports no value of the answers, apart from plain words of enumerations`, async () => {
    const running = await start(key);
    const { reads, findings } = await check(running, { documented: { records: {}, operations: {} } });
    const compared = await check(running);
    const reported = [...findings, ...compared.findings].filter(({ kind }) => kind !== 'unknown-word');
    const texts = reported.flatMap(({ path, found, documented }) => [path, found, documented]).join('\n');
    const values = new Set<string>();
    for (const { answer } of reads) collectValues(answer?.text ?? '', values);
    expect(values.size).toBeGreaterThan(20);
    expect([...values].filter((value) => texts.includes(value))).toEqual([]);
  });

  test(`${key}: a status that it does not know is found, unless its status is no word`, async () => {
    const running = await start(key);
    const { nativeId, status } = await readTicket(running);
    const unknown = (_: string, value: unknown): unknown =>
      (typeof value === 'string' || typeof value === 'number') && String(value) === status.raw ? 'Zzqx' : value;
    alter(running, (reply) =>
      reply.body?.startsWith('{') ? { ...reply, body: JSON.stringify(JSON.parse(reply.body, unknown)) } : reply,
    );
    const { status: after } = await readTicket(running);
    const { short } = await check(running, { nativeIds: [nativeId] });
    const found = short.filter((text) => text.includes('Zzqx'));
    expect(found).toEqual(after.raw === 'Zzqx' ? ['UNKNOWN-WORD tickets status "Zzqx"'] : []);
    expect(after.category === null).toBe(after.raw === 'Zzqx');
  });

  test(`${key}: an error of the vendor misleads, and is not taken for a finding of shape`, async () => {
    const running = await start(key);
    alter(running, () => ({
      status: 503,
      headers: { 'content-type': 'application/json' },
      body: '{"secret":"canary"}',
    }));
    const { short, hasTickets } = await check(running);
    expect(hasTickets).toBe(false);
    expect(short).toEqual([
      expect.stringMatching(/^FAILED GET \S+ the (list|ticket) cannot be read: unavailable \(HTTP 503\)$/),
    ]);
  });
});

/** Reads the sample ticket as the server does. */
async function readTicket(running: RunningVendor): Promise<Ticket> {
  const { key } = running;
  const endpoint = await startEndpoint(running.settings);
  onTestFinished(() => endpoint.close());
  const { datasource } = endpoint.sources.connected.get(key)!;
  const scope = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };
  return (await datasource.find(SAMPLED.find((sampled) => sampled.key === key)!.samples.ticketId, scope))!;
}

/** Texts of JSON that are long enough not to be part of a path by chance. */
function collectValues(text: string, values: Set<string>): void {
  if (!/^\s*[[{]/.test(text)) return;
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'string' && value.length > 6) values.add(value);
    return value;
  });
}

// ---------------------------------------------------------------- details

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what a check finds', () => {
  test('an unknown word of a status or priority misleads, one of a direction is new', async () => {
    const running = await start('omnidesk');
    alter(running, (reply) =>
      withObjects(reply, (object) => {
        if ('customer_id' in object)
          Object.assign(object, { status: 'parked', priority: 'dire', direction: 'sideways' });
      }),
    );
    const { short } = await check(running);
    expect(short.filter((text) => /word/i.test(text))).toEqual([
      'UNKNOWN-WORD tickets priority "dire"',
      'UNKNOWN-WORD tickets status "parked"',
      'unknown-word tickets direction "sideways"',
    ]);
  });

  test('a text where a word is expected is reported by its length only', async () => {
    const running = await start('omnidesk');
    alter(running, (reply) =>
      withObjects(reply, (object) => {
        if ('customer_id' in object) object['status'] = 'Jan de Vries, Dam 1, Amsterdam';
      }),
    );
    const { short, findings } = await check(running);
    expect(short).toContain('UNKNOWN-WORD tickets status a word of 30 characters');
    expect(JSON.stringify(findings)).not.toContain('Vries');
  });

  test('another status and another content type mislead', async () => {
    const running = await start('omnidesk');
    alter(running, (reply) => ({ ...reply, status: 203, headers: { 'content-type': 'text/json' } }));
    const { short } = await check(running);
    for (const operation of ['GET /api/v2/ticket', 'GET /api/v2/ticket/:id']) {
      expect(short).toContain(`STATUS ${operation} 203`);
      expect(short).toContain(`CONTENT-TYPE ${operation} text/json`);
    }
  });

  test('a list in an envelope that is not understood fails, and the envelope is shown', async () => {
    const running = await start('omnidesk');
    alter(running, (reply, { path }) =>
      path.endsWith('/ticket') ? { ...reply, body: (reply.body ?? '').replace('"items":', '"entries":') } : reply,
    );
    const { short } = await check(running);
    expect(short).toContain('FAILED GET /api/v2/ticket the list cannot be read: protocol');
    expect(short).toContain('unknown-field GET /api/v2/ticket entries list');
  });

  test('an action whose options fail is reported once', async () => {
    const running = await start('omnidesk');
    const vendor = vendors.find(({ key }) => key === 'omnidesk')!;
    const connect: Vendor['connect'] = (settings, tools) => {
      const source = vendor.connect(settings, tools);
      const inputs = async (): Promise<never> => {
        await source.find('1', {
          signal: AbortSignal.timeout(1000),
          deadlineAt: performance.now() + 1000,
          requestKey: {},
        });
        throw new Failure({ kind: 'forbidden', upstreamStatus: 403 });
      };
      const actions: Datasource['actions'] = async (ticket, call) => {
        const [action] = await source.actions(ticket, call);
        return [{ ...action!, inputs }];
      };
      return { ...source, actions };
    };
    const { findings } = await checkChanged(running, { connect });
    const short = findings.map(inShort).filter((text) => /403|actions/.test(text));
    expect(short).toEqual(['FAILED GET /api/v2/ticket/:id the actions cannot be read: forbidden (HTTP 403)']);
  });

  test('rows that are no tickets, and a listed ticket that is not found, mislead', async () => {
    const running = await start('omnidesk');
    alter(running, (_, { path }) =>
      path.endsWith('/ticket')
        ? { status: 200, headers: JSON_TYPE, body: '{"items":[{"id":7,"status":"open"},{"title":"no id"}]}' }
        : { status: 404, headers: JSON_TYPE, body: '{"status":"error","message":"canary"}' },
    );
    const { short } = await check(running);
    expect(short).toContain('ROWS list rows that are no tickets');
    expect(short).toContain('NOT-FOUND ticket a ticket of the list is not found by its id');
  });

  test('ids that would be rejected mislead', async () => {
    const running = await start('jifeline');
    const { nativeId } = vendors.find(({ key }) => key === 'jifeline')!;
    const { findings } = await checkChanged(running, { nativeId: { ...nativeId, pattern: /^never$/ } });
    expect(findings.map(inShort)).toEqual(['ROWS list ids of a form that is rejected']);
  });

  test('a vendor that does not answer within its deadline is slow', async () => {
    const running = await start('omnidesk');
    running.faults = () => ({ kind: 'silent', applied: false });
    const { short } = await check(running, { environment: { OMNIDESK_TIMEOUT_MS: '200' } });
    expect(short).toEqual(['SLOW GET /api/v2/ticket no answer within the deadline of 200 ms']);
  });

  test('a list that first pages do not wait for is slow', async () => {
    const running = await start('omnidesk');
    running.faults = ({ path }) => (path.endsWith('/ticket') ? { kind: 'delay', delayMs: 60 } : undefined);
    const { short } = await check(running, { patienceMs: 20 });
    expect(short).toContain('SLOW list slower than 20 ms, so it is missing from first pages');
  });

  test('options of an input that cannot be read mislead, although the action is offered', async () => {
    const running = await start('jifeline');
    alter(running, (reply, { path }) => (path.endsWith('/cancel-reasons') ? { status: 404, body: '' } : reply));
    const { short } = await check(running);
    expect(short).toContain('STATUS GET /v2/tickets/cancel-reasons 404');
  });

  test('tickets that are named are read instead of the newest', async () => {
    const running = await start('omnidesk');
    await check(running, { nativeIds: ['858226', '858462'] });
    const paths = running.ledger.map(({ arrival }) => arrival.path);
    expect(paths).toEqual(['/api/v2/ticket', '/api/v2/ticket/858226', '/api/v2/ticket/858462']);
  });

  test('without a list and without the documented example, it says that a ticket must be named', async ({ skip }) => {
    const vendor = vendors.find(({ lists }) => !lists);
    if (!vendor) skip('Every vendor has a list.');
    const running = await start(vendor!.key);
    alter(running, () => ({ status: 404, headers: JSON_TYPE, body: '{"Message":"Ticket not found"}' }));
    const { hasTickets, notices, findings } = await check(running);
    expect([hasTickets, findings]).toEqual([false, []]);
    expect(notices).toEqual(['no ticket was read: name one with --ticket']);
  });

  test("a vendor that uses each caller's own credentials is not called", async () => {
    const running = await start('omnidesk');
    const { notices, reads } = await checkChanged(running, { forwards: () => ['x-token'] });
    expect(notices).toEqual([expect.stringContaining("each caller's own credentials")]);
    expect(reads).toEqual([]);
    expect(running.ledger).toEqual([]);
  });

  test('a read by another method than GET is not sent', async () => {
    const running = await start('omnidesk');
    const vendor = vendors.find(({ key }) => key === 'omnidesk')!;
    const connect: Vendor['connect'] = (settings, tools) =>
      vendor.connect(settings, {
        ...tools,
        connect: (options) => {
          const upstream = tools.connect(options);
          return { read: (request, call) => upstream.read({ ...request, method: 'POST' }, call) };
        },
      });
    const { findings } = await checkChanged(running, { connect });
    expect(findings).toMatchObject([{ kind: 'failed', misleads: true, found: 'the list cannot be read: unsupported' }]);
    expect(running.ledger).toEqual([]);
  });
});

test('the patience of a check is the default of the SDL', () => {
  const field = buildSchema(loadTypeDefs()).getQueryType()!.getFields()['tickets']!;
  expect(field.args.find(({ name }) => name === 'patienceMs')!.defaultValue).toBe(LIST_PATIENCE_MS);
});
