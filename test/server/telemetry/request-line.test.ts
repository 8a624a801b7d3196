/** The request line is the one that pino would write. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog, logRequest } from '../../../server/telemetry/logger.ts';
import { RequestRecord, recordEvents } from '../../../server/telemetry/request-record.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

type WriteEnd = Parameters<NonNullable<typeof recordEvents.onWriteEnd>>[0];

interface Scenario {
  readonly time: Date;
  readonly requestId: string | undefined;
  readonly traceId: string | undefined;
  readonly caller: string | null;
  readonly operation: readonly [type: string, name: string | null] | undefined;
  readonly calls: readonly { readonly vendor: string; readonly result: 'ok' | 'timeout'; readonly cause?: string }[];
  readonly sharedReads: number;
  readonly outcomes: readonly WriteEnd['outcome'][];
  readonly codes: readonly string[];
  readonly status: number | null;
  readonly durationMs: number;
}

const VENDORS = ['omnidesk', 'huawei', 'akana'];

/** Any UTF-16 code units, also control characters and unpaired surrogates. */
const hostile: fc.Arbitrary<string> = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});
const quotes: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom('"', '\\', '\n', '\u007f', '\u2028', '</', 'a', 'é', '😀'),
});
const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  quotes,
  fc.constant('anonymous'),
);
const name: fc.Arbitrary<string | null> = fc.oneof(text, hostile, fc.constant(null));

const scenario: fc.Arbitrary<Scenario> = fc.record({
  time: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
  requestId: fc.option(fc.stringMatching(/^[A-Za-z0-9._-]{1,128}$/), { nil: undefined }),
  traceId: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/), { nil: undefined }),
  // pino does not escape unpaired surrogates in short texts outside of objects, so that they become U+FFFD in the file.
  caller: fc.option(text),
  operation: fc.option(fc.tuple(fc.constantFrom('query', 'mutation', 'subscription'), name), { nil: undefined }),
  calls: fc.array(
    fc.record(
      { vendor: fc.constantFrom(...VENDORS), result: fc.constantFrom('ok', 'timeout'), cause: hostile },
      { requiredKeys: ['vendor', 'result'] },
    ),
  ),
  sharedReads: fc.nat(),
  outcomes: fc.array(fc.constantFrom('APPLIED', 'NOT_APPLIED', 'UNKNOWN')),
  codes: fc.array(fc.oneof(fc.constantFrom('INVALID_INPUT', 'NOT_FOUND'), hostile)),
  status: fc.constantFrom(null, 200, 400, 500),
  durationMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
});

function toRecord(given: Scenario): RequestRecord {
  const record = new RequestRecord('POST', given.requestId);
  const call = { requestKey: record } as unknown as WriteEnd['call'];
  record.traceId = given.traceId;
  record.callerId = given.caller;
  if (given.operation) record.recordOperation(...given.operation);
  for (const { vendor, result, cause } of given.calls) {
    recordEvents.onCallEnd!(
      { vendor, source: vendor, operation: 'GET /', call },
      { result, status: undefined, cause, durationMs: 1 },
    );
  }
  for (const outcome of given.outcomes) {
    recordEvents.onWriteEnd!({ outcome, vendor: 'akana', source: 'akana', call } as WriteEnd);
  }
  record.sharedReads = given.sharedReads;
  record.recordErrors(given.codes.map((code) => ({ message: '', extensions: { code } })));
  record.end(given.status);
  record.durationMs = given.durationMs;
  return record;
}

/** The fields of the line, from what happened rather than from the record. */
function toFields(given: Scenario, record: RequestRecord): object {
  const countBy = (keys: readonly string[]) =>
    Object.fromEntries([...Map.groupBy(keys, (key) => key)].map(([key, { length }]) => [key, length]));
  const failed = given.calls.flatMap(({ vendor, result, cause }) =>
    result === 'ok' ? [] : [[vendor, cause ?? result]],
  );
  const isUnknown = given.outcomes.includes('UNKNOWN') && !failed.some(([vendor]) => vendor === 'akana');
  if (isUnknown) failed.push(['akana', 'unknown outcome']);
  return {
    requestId: record.id,
    traceId: given.traceId,
    operation: { name: given.operation?.[1]?.slice(0, 100) ?? null, type: given.operation?.[0] ?? null },
    caller: given.caller,
    vendors: countBy(given.calls.map(({ vendor }) => vendor)),
    failed: failed.length > 0 ? Object.fromEntries(failed) : undefined,
    sharedReads: given.sharedReads,
    outcomes: countBy(given.outcomes),
    codes: [...new Set(given.codes)],
    result: record.result,
    status: given.status,
    durationMs: Math.round(given.durationMs * 10) / 10,
  };
}

test.each([
  ['', undefined],
  [' with the process id', 4711],
])('the request line%s equals the line that pino writes, whatever clients and vendors choose', (_, processId) => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) }, processId);
  const levels = new Set<string>();
  fc.assert(
    fc.property(scenario, (given) => {
      vi.setSystemTime(given.time);
      const record = toRecord(given);
      logRequest(log, record);
      const level = record.hasInternalError ? 'error' : record.hasVendorFailed ? 'warn' : 'info';
      log.plain[level](toFields(given, record), 'request');
      const [own, expected] = lines.splice(0);
      expect(own).toBe(expected);
      expect(JSON.parse(own!)).toMatchObject({ level, time: given.time.toISOString(), msg: 'request' });
      levels.add(level);
    }),
    { numRuns: 500 },
  );
  expect([...levels].toSorted()).toEqual(['error', 'info', 'warn']);
});

test('lines of different milliseconds have different times', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const record = new RequestRecord('POST');
  const times = [0, 0, 1, 0, 86_400_000].map((ms) => new Date(1_700_000_000_000 + ms));
  for (const time of times) {
    vi.setSystemTime(time);
    logRequest(log, record);
  }
  expect(lines.map((line) => (JSON.parse(line) as { time: string }).time)).toEqual(
    times.map((time) => time.toISOString()),
  );
});
