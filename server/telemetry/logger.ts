/**
 * The log: JSON, one line a request at its end, and one for each defect of ours.
 *
 * It goes to stderr. Whoever starts the process waits for the one line on stdout that says where it listens, and pipes
 * stdout on where the audit trail goes there; neither has to tell those lines from these.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Observer } from '../../datasources/index.ts';
import { MAX_MESSAGE_LENGTH, cutMessage } from '../graphql/messages.ts';
import { FAILURES, recordOf, type RequestRecord } from './request-record.ts';

export const LOG_LEVELS = ['info', 'trace', 'debug', 'warn', 'error', 'fatal', 'silent'] as const;

const STDERR = 2;

/**
 * Nothing that is secret is ever given to the log. Should it be one day, by these names it does not get through: the
 * second lock on the same door.
 */
const SECRET = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
  'x-subject-token',
  'password',
  'secret',
  'token',
  'apiKey',
  'variables',
];

const REDACTED = SECRET.flatMap((name) => ['', '*', '*.*'].map((above) => `${above}["${name}"]`));

export interface Log {
  /** For whatever somebody wants to say: the second lock is on. */
  readonly free: Logger;
  /**
   * For lines whose every field is named here: looking through each of them for secrets costs more than the line. pino
   * puts a line together from many parts, which was a tenth of what a request for one ticket costs.
   *
   * @param facts JSON of the fields, one after the other, without braces
   */
  line(level: Level, facts: string, message: string): void;
}

type Level = 'info' | 'warn' | 'error';

const BUFFER_BYTES = 32_768;
const MAX_BYTES_AT_ONCE = 131_072;
const FLUSH_EVERY_MS = 100;

/** @param stream where it goes instead of stderr */
export function createLog(level: string, stream?: DestinationStream): Log {
  const toTime = createTimestamp();
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${toTime()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: toPlainError },
  };
  // A terminal or a collector that reads slowly must not hold requests up; and a line each is a system call each.
  const destination =
    stream ??
    pino.destination({
      dest: STDERR,
      sync: false,
      minLength: BUFFER_BYTES,
      maxWrite: MAX_BYTES_AT_ONCE,
      periodicFlush: FLUSH_EVERY_MS,
    });
  const free = pino({ ...options, redact: { paths: REDACTED, censor: 'REDACTED' } }, destination);
  return {
    free,
    line(of, facts, msg) {
      if (!free.isLevelEnabled(of)) return;
      destination.write(`{"level":"${of}","time":"${toTime()}",${facts},"msg":${quote(msg)}}\n`);
    },
  };
}

/** Several lines are written within a millisecond: its text is made once. */
function createTimestamp(): () => string {
  let at = 0;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== at) {
      at = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}

/** Errors of libraries carry whole requests as fields; only these three are kept. */
function toPlainError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error, message: 'What was thrown is no error.' };
  return { type: error.name, message: cutMessage(error.message), stack: stackOf(error) };
}

const MAX_STACK_LENGTH = 10_000;

/** V8 begins a stack with the message at its full length, also if the message has been cut since. */
function stackOf({ name, message, stack = '' }: Error): string {
  if (message.length < MAX_MESSAGE_LENGTH && stack.length <= MAX_STACK_LENGTH) return stack;
  const start = stack.indexOf('\n    at ');
  const frames = start < 0 ? '' : stack.slice(start).slice(-MAX_STACK_LENGTH);
  return `${name}: ${cutMessage(message)}${frames}`;
}

export function logRequest(log: Log, record: RequestRecord): void {
  const { id, traceId, callerId, operationName, operationType, calls, failed, sharedReads, outcomes, codes, status } =
    record;
  const facts =
    `"requestId":${quote(id)},${traceId === undefined ? '' : `"traceId":${quote(traceId)},`}` +
    `"operation":{"name":${quote(operationName)},"type":${quote(operationType)}},"caller":${quote(callerId)},` +
    `"vendors":${quoteCounts(calls)},${failed ? `"failed":${quoteTexts(failed)},` : ''}"sharedReads":${sharedReads},"outcomes":${quoteCounts(outcomes)},` +
    `"codes":[${Array.from(codes, quote).join()}],"result":${quote(record.result)},"status":${status},` +
    `"durationMs":${Math.round((record.durationMs ?? 0) * 10) / 10}`;
  log.line(levelOf(record), facts, 'request');
}

function quote(text: string | null): string {
  return JSON.stringify(text);
}

/** Few, and most often one. */
function quoteCounts(counts: ReadonlyMap<string, number>): string {
  let fields = '';
  for (const [name, count] of counts) fields += `${fields && ','}${quote(name)}:${count}`;
  return `{${fields}}`;
}

function quoteTexts(texts: ReadonlyMap<string, string>): string {
  return JSON.stringify(Object.fromEntries(texts));
}

function levelOf({ hasInternalError: hasDefect, hasVendorFailed }: RequestRecord): Level {
  if (hasDefect) return 'error';
  return hasVendorFailed ? 'warn' : 'info';
}

/** Tells of writes that were settled after their request's line: their callers have gone, and will not be told. */
export function logLateWrites(log: Log): Observer {
  return {
    onWriteEnd({ mutation, vendor, outcome, problem, call }) {
      const record = recordOf(call);
      if (!record?.isOver) return;
      const facts = JSON.stringify({ requestId: record.id, mutation, vendor, outcome, problem }).slice(1, -1);
      log.line('warn', facts, 'write settled after its caller had gone');
    },
  };
}

/** Logs what operators should look at, about a vendor and no request. */
export function logWarnings(log: Log): Observer {
  return {
    onWarning: (vendor, message) => log.line('warn', `"vendor":${quote(vendor)}`, message),
  };
}

/** Logs each failed call with its cause; at the level `debug`, since a vendor that is down fails every call. */
export function logFailedCalls(log: Log): Observer {
  return {
    onCallEnd({ vendor, operation, call }, { result, status, cause, durationMs }) {
      if (!FAILURES.has(result) || !log.free.isLevelEnabled('debug')) return;
      const requestId = recordOf(call)?.id;
      log.free.debug({ requestId, vendor, operation, result, status, cause, durationMs }, 'call to a vendor failed');
    },
  };
}

/** Between two lines about the store of keys. */
const STORE_LINE_EVERY_MS = 60_000;

/** Says at most once a minute why the store of idempotency keys fails, and how often it did. */
export function logStoreFailures(log: Log, now: () => number = () => performance.now()): Observer {
  let failures = 0;
  let toldAt = -Infinity;
  return {
    onStoreFailure(cause) {
      failures += 1;
      if (now() - toldAt < STORE_LINE_EVERY_MS) return;
      toldAt = now();
      const message = `The store of idempotency keys fails: ${cause}. Writes with a key are rejected until it works again.`;
      log.line('warn', JSON.stringify({ cause, failures }).slice(1, -1), message);
      failures = 0;
    },
  };
}
