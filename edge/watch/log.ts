/**
 * The log: JSON, one line a request at its end, and one for each defect of ours.
 *
 * It goes to stderr. Whoever starts the process waits for the one line on stdout that says where it listens, and pipes
 * stdout on where the audit trail goes there; neither has to tell those lines from these.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Observer } from '../../datasources/index.ts';
import { recordOf, type RequestRecord } from './record.ts';

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
  /** For lines whose every field is named here: looking through each of them for secrets costs more than the line. */
  readonly ours: Logger;
}

const BUFFER_BYTES = 32_768;
const MOST_BYTES_AT_ONCE = 131_072;
const FLUSH_EVERY_MS = 100;

/** @param stream where it goes instead of stderr */
export function createLog(level: string, stream?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: createTimestamp(),
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
      maxWrite: MOST_BYTES_AT_ONCE,
      periodicFlush: FLUSH_EVERY_MS,
    });
  return {
    free: pino({ ...options, redact: { paths: REDACTED, censor: 'REDACTED' } }, destination),
    ours: pino(options, destination),
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
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

/** Errors of libraries carry whole requests as fields; only these three are kept. */
function toPlainError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error, message: 'What was thrown is no error.' };
  const { name, message, stack } = error;
  return { type: name, message, stack };
}

export function logRequest({ ours }: Log, record: RequestRecord): void {
  const { id, traceId, callerId, operationName, operationType, calls, sharedReads, outcomes, codes, status } = record;
  const facts = {
    requestId: id,
    traceId,
    operation: { name: operationName, type: operationType },
    caller: callerId,
    vendors: Object.fromEntries(calls),
    sharedReads,
    outcomes: Object.fromEntries(outcomes),
    codes: [...codes],
    result: record.result,
    status,
    durationMs: Math.round((record.durationMs ?? 0) * 10) / 10,
  };
  ours[levelOf(record)](facts, 'request');
}

function levelOf({ hasDefect, hasVendorFailed }: RequestRecord): 'error' | 'warn' | 'info' {
  if (hasDefect) return 'error';
  return hasVendorFailed ? 'warn' : 'info';
}

/** Tells of writes that were settled after their request's line: their callers have gone, and will not be told. */
export function logLateWrites({ ours }: Log): Observer {
  return {
    writeEnded({ mutation, vendor, outcome, problem, call }) {
      const record = recordOf(call);
      if (!record?.isOver) return;
      ours.warn(
        { requestId: record.id, mutation, vendor, outcome, problem },
        'write settled after its caller had gone',
      );
    },
  };
}
