/**
 * Who watches: log, metrics, traces and the audit trail as one, so that the server has one thing to tell. Each of them
 * may be left out, and what is left out costs nothing.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { DestinationStream, Logger } from 'pino';
import type { FailureKind, Observer, RequestSources } from '../../datasources/index.ts';
import { openAudit } from './audit-log.ts';
import {
  createLog,
  logFailedCalls,
  logLateWrites,
  logRequest,
  logStoreFailures,
  logWarnings,
  type Log,
} from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { RequestRecord, createRecorder, gathering, type Recorded } from './request-record.ts';
import type { Tracing } from './tracing.ts';

export type { RequestRecord } from './request-record.ts';

export interface Telemetry {
  /** For what libraries have to say. */
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  readonly metrics: Metrics | undefined;
  /** For the sources. */
  readonly observers: readonly Observer[];
  /** For the GraphQL server. */
  readonly plugin: ApolloServerPlugin<Recorded>;
  /** Says in which request an error turned up, should it be reported later. */
  own(error: object, record: RequestRecord): void;
  begin(method: string, headers: Headers): RequestRecord;
  /** @param status that it was answered with; null where its caller had gone */
  end(record: RequestRecord, status: number | null): void;
  /** The sources as this request sees them, watched where requests are traced. */
  traceSources(record: RequestRecord, sources: RequestSources, isVendor: (key: string) => boolean): RequestSources;
  /** Told of errors that are defects of ours. */
  reportUnexpected(defect: unknown): void;
  /** Sends off what is still held, as far as the time allows. */
  close(graceMs: number): Promise<void>;
}

/** Of an incoming request, names in lower case. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface TelemetrySinks {
  readonly log?: Log | undefined;
  readonly metrics?: Metrics | undefined;
  readonly tracing?: Tracing | undefined;
  readonly audit?: Observer | undefined;
}

/** Nobody watches where nothing is given. */
export function createTelemetry({ log, metrics, tracing, audit }: TelemetrySinks = {}): Telemetry {
  const owners = new WeakMap<object, RequestRecord>();
  const own = (error: object, record: RequestRecord): void => void owners.set(error, record);
  const logging = log && [gathering, logLateWrites(log), logFailedCalls(log), logWarnings(log), logStoreFailures(log)];
  const present = [...(logging ?? []), metrics?.observer, tracing?.observer, audit];
  return {
    log: log?.free ?? SILENT,
    metrics,
    observers: present.filter((observer) => observer !== undefined),
    plugin: createRecorder(own),
    own,
    begin(method, headers) {
      const record = new RequestRecord(method, headers['x-request-id']);
      tracing?.requestStarted(record, headers);
      return record;
    },
    end(record, status) {
      record.end(status);
      tracing?.requestEnded(record);
      metrics?.requestEnded(record);
      if (log) logRequest(log, record);
    },
    traceSources: (record, sources, isVendor) => tracing?.traceSources(record, sources, isVendor) ?? sources,
    reportUnexpected(defect) {
      const record = owners.get(Object(defect) as object);
      if (record) record.hasInternalError = true;
      metrics?.internalError();
      log?.free.error({ requestId: record?.id, err: defect }, 'defect');
    },
    close: async (graceMs) => tracing?.close(graceMs),
  };
}

/** A library that is given no log writes to stdout. */
const SILENT: Telemetry['log'] = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface TelemetrySettings {
  readonly LOG_LEVEL: string;
  readonly METRICS: boolean;
  readonly AUDIT_LOG: string | undefined;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined;
  readonly OTEL_SERVICE_NAME: string;
}

export interface TelemetryOptions {
  /** The code that a client sees for a kind of failure. */
  toCode(kind: FailureKind): string;
  /** Where the log goes instead of stderr. */
  readonly logStream?: DestinationStream | undefined;
  /** Instead of what the settings say of tracing. */
  readonly tracing?: Tracing | undefined;
}

/** A setting that only turns out to be wrong when it is used; says what it should be. */
export class TelemetryError extends Error {}

/** @throws WatchError where the audit trail's file cannot be opened. */
export async function openTelemetrySinks(settings: TelemetrySettings, options: TelemetryOptions): Promise<Telemetry> {
  const { toCode, logStream } = options;
  const log = settings.LOG_LEVEL === 'silent' ? undefined : createLog(settings.LOG_LEVEL, logStream);
  const metrics = settings.METRICS ? createMetrics() : undefined;
  const audit = settings.AUDIT_LOG === undefined ? undefined : openAuditLog(settings.AUDIT_LOG, toCode, log, metrics);
  const tracing = options.tracing ?? (await openTracing(settings, log));
  return createTelemetry({ log, metrics, audit, tracing });
}

function openAuditLog(
  target: string,
  toCode: TelemetryOptions['toCode'],
  log: Log | undefined,
  metrics: Metrics | undefined,
): Observer {
  try {
    return openAudit({
      target,
      toCode,
      failed(entry, error) {
        metrics?.unrecorded();
        log?.free.error({ entry, err: error }, 'a write could not be written down in the audit trail');
      },
    });
  } catch {
    throw new TelemetryError(
      'AUDIT_LOG names a file that cannot be opened for adding: it should be a path, or stdout.',
    );
  }
}

/** Loads what tracing takes only where it is on, so that other starts do not wait for it. */
async function openTracing(settings: TelemetrySettings, log: Log | undefined): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = settings;
  if (endpoint === undefined) return undefined;
  const { createOtlpProcessor, createTracing } = await import('./tracing.ts');
  const failed = (): void => log?.free.warn('spans could not be sent to the collector');
  return createTracing({ serviceName, processor: createOtlpProcessor(endpoint, failed) });
}
