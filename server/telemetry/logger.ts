/**
 * The log: one JSON line for each request, and one for each unexpected error. Written to stderr, since stdout has the ready
 * line and perhaps the audit log.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Observer } from '../../datasources/index.ts';
import { vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';
import { MAX_MESSAGE_LENGTH, cutMessage } from '../graphql/messages.ts';
import { openLogBuffer } from './log-buffer.ts';
import { toRequestLine, type RequestLevel } from './request-line.ts';
import { FAILURES, recordOf, type RequestRecord } from './request-record.ts';

export const LOG_LEVELS = ['info', 'trace', 'debug', 'warn', 'error', 'fatal', 'silent'] as const;

const STDERR = 2;

/** Defence in depth: callers never log secrets; these fields are redacted in case one slips through. */
const SECRET_FIELDS = [
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

const REDACTED_PATHS = SECRET_FIELDS.flatMap((name) => ['', '*', '*.*'].map((parent) => `${parent}["${name}"]`));

export interface Log {
  /** For arbitrary fields. Redacts secrets by the names of the fields. */
  readonly redacting: Logger;
  /** For lines whose fields are all listed in this folder. Skips redaction (docs/performance.md#log-redaction). */
  readonly plain: Logger;
  /** Where both write to. */
  readonly stream: DestinationStream;
  /** Part of each line, unless `undefined`. */
  readonly processId: number | undefined;
}

/**
 * @param stream where to write. Defaults to stderr.
 * @param processId added to each line as `pid`, if several processes share stderr.
 */
export function createLog(level: string, stream?: DestinationStream, processId?: number): Log {
  const destination = stream ?? openLogBuffer(STDERR, processId !== undefined);
  const options = {
    level,
    base: processId === undefined ? null : { pid: processId },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: toPlainError },
  };
  return {
    redacting: pino({ ...options, redact: { paths: REDACTED_PATHS, censor: 'REDACTED' } }, destination),
    plain: pino(options, destination),
    stream: destination,
    processId,
  };
}

/** Keeps three fields: errors of libraries may carry whole requests. */
function toPlainError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error, message: 'A value that is not an Error was thrown.' };
  return { type: error.name, message: cutMessage(error.message), stack: stackOf(error) };
}

const MAX_STACK_LENGTH = 10_000;

/** V8 begins a stack with the message at full length, even if the message was cut later. */
function stackOf({ name, message, stack = '' }: Error): string {
  if (message.length < MAX_MESSAGE_LENGTH && stack.length <= MAX_STACK_LENGTH) return stack;
  const start = stack.indexOf('\n    at ');
  const frames = start < 0 ? '' : stack.slice(start).slice(-MAX_STACK_LENGTH);
  return `${name}: ${cutMessage(message)}${frames}`;
}

export function logRequest({ plain, stream, processId }: Log, record: RequestRecord): void {
  const level = levelOf(record);
  if (plain.isLevelEnabled(level)) stream.write(toRequestLine(record, level, processId));
}

function levelOf({ hasInternalError, hasVendorFailed }: RequestRecord): RequestLevel {
  if (hasInternalError) return 'error';
  return hasVendorFailed ? 'warn' : 'info';
}

/** Logs what happens in the datasources. */
export function createLogObservers(log: Log): readonly Observer[] {
  return [logLateWrites(log), logFailedCalls(log), logWarnings(log), logStoreFailures(log)];
}

/** Logs writes that end after their request's line, because the client disconnected. */
function logLateWrites({ plain }: Log): Observer {
  return {
    onWriteEnd({ mutation, vendor, source, outcome, problem, call }) {
      const record = recordOf(call);
      if (!record?.isOver) return;
      plain.warn(
        { requestId: record.id, mutation, vendor, source, outcome, problem },
        'write finished after its client had disconnected',
      );
    },
  };
}

/** Logs warnings and notices about a source that belong to no request. */
function logWarnings({ plain }: Log): Observer {
  return {
    onWarning: (source, message) => plain.warn({ vendor: vendorKeyOf(source), source }, message),
    onNotice: (source, message) => plain.info({ vendor: vendorKeyOf(source), source }, message),
  };
}

/** Logs each failed call at level debug: a vendor that is down fails every call. */
function logFailedCalls({ plain }: Log): Observer {
  return {
    onCallEnd({ vendor, source, operation, call }, { result, status, cause, durationMs }) {
      if (!FAILURES.has(result) || !plain.isLevelEnabled('debug')) return;
      const requestId = recordOf(call)?.id;
      plain.debug({ requestId, vendor, source, operation, result, status, cause, durationMs }, 'vendor call failed');
    },
  };
}

const STORE_WARNING_INTERVAL_MS = 60_000;

/** Logs why the idempotency store fails and how often, at most once a minute, and once each how it could lose keys. */
export function logStoreFailures({ plain }: Pick<Log, 'plain'>, now = () => performance.now()): Observer {
  let failures = 0;
  let loggedAt = -Infinity;
  return {
    onStoreFailure(cause) {
      failures += 1;
      if (now() - loggedAt < STORE_WARNING_INTERVAL_MS) return;
      loggedAt = now();
      const message = `Idempotency store unavailable: ${cause}. Writes with a key are rejected until it recovers.`;
      plain.warn({ cause, failures }, message);
      failures = 0;
    },
    onStoreRisk: (message) => plain.warn(message),
  };
}
