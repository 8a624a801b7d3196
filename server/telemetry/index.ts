/** Telemetry: the log, metrics, traces and the audit log behind one interface. Each sink may be off. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { DestinationStream, Logger } from 'pino';
import type { FailureKind, Observer, RequestSources } from '../../datasources/index.ts';
import { openAuditLog } from './audit-log.ts';
import { createLog, createLogObservers, logRequest, type Log } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { RequestRecord, createRecorder, recordEvents, type Recorded } from './request-record.ts';
import type { Tracing } from './tracing.ts';

export type { MetricValues, MetricsText } from './metrics.ts';
export type { RequestRecord } from './request-record.ts';

export interface Telemetry {
  /** For messages of libraries. */
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** `undefined` if metrics are off. */
  readonly metrics: Metrics | undefined;
  /** To be called by the sources. */
  readonly observers: readonly Observer[];
  /** For Apollo Server. */
  readonly plugin: ApolloServerPlugin<Recorded>;
  /** Links an error to its request, so that `reportUnexpected` can log the request id. */
  linkError(error: object, record: RequestRecord): void;
  startRequest(method: string, headers: Headers): RequestRecord;
  /** @param status of the response; `null` if the client closed the request. */
  endRequest(record: RequestRecord, status: number | null): void;
  /** Returns the request's sources, wrapped in spans if requests are traced. */
  traceSources(record: RequestRecord, sources: RequestSources, isVendor: (key: string) => boolean): RequestSources;
  /** Logs and counts an unexpected error, i.e. anything but a `Failure`. */
  reportUnexpected(error: unknown): void;
  /** Sends buffered spans, for at most `graceMs` milliseconds. */
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

/** @param sinks Defaults to none. */
export function createTelemetry({ log, metrics, tracing, audit }: TelemetrySinks = {}): Telemetry {
  const requestOf = new WeakMap<object, RequestRecord>();
  const linkError = (error: object, record: RequestRecord): void => void requestOf.set(error, record);
  const logging = log ? [recordEvents, ...createLogObservers(log)] : [];
  const observers = [...logging, metrics?.observer, tracing?.observer, audit];
  return {
    log: log?.redacting ?? SILENT,
    metrics,
    observers: observers.filter((observer) => observer !== undefined),
    plugin: createRecorder(linkError),
    linkError,
    startRequest(method, headers) {
      const record = new RequestRecord(method, headers['x-request-id']);
      metrics?.startRequest();
      tracing?.startRequest(record, headers);
      return record;
    },
    endRequest(record, status) {
      record.end(status);
      tracing?.endRequest(record);
      metrics?.endRequest(record);
      if (log) logRequest(log, record);
    },
    traceSources: (record, sources, isVendor) => tracing?.traceSources(record, sources, isVendor) ?? sources,
    reportUnexpected(error) {
      const record = requestOf.get(Object(error) as object);
      if (record) record.hasInternalError = true;
      metrics?.recordInternalError();
      log?.redacting.error({ requestId: record?.id, err: error }, 'unexpected error');
    },
    close: async (graceMs) => tracing?.close(graceMs),
  };
}

/** For libraries that would log to stdout without a logger. */
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
  /** The `ProblemCode` of a kind of failure. */
  toCode(kind: FailureKind): string;
  /** Where the log is written. Defaults to stderr. */
  readonly logStream?: DestinationStream | undefined;
  /** Added to each line of the log, if several processes share it. */
  readonly processId?: number | undefined;
  /** Defaults to tracing by the settings. */
  readonly tracing?: Tracing | undefined;
}

/** A setting that proves invalid only when it is used. The message says what is expected. */
export class TelemetryError extends Error {}

/** @throws TelemetryError if the audit log's file cannot be opened. */
export async function openTelemetrySinks(settings: TelemetrySettings, options: TelemetryOptions): Promise<Telemetry> {
  const { toCode, logStream, processId } = options;
  const log = settings.LOG_LEVEL === 'silent' ? undefined : createLog(settings.LOG_LEVEL, logStream, processId);
  const metrics = settings.METRICS ? createMetrics() : undefined;
  const audit = settings.AUDIT_LOG === undefined ? undefined : openAudit(settings.AUDIT_LOG, toCode, log, metrics);
  const tracing = options.tracing ?? (await openTracing(settings, log));
  return createTelemetry({ log, metrics, audit, tracing });
}

function openAudit(
  target: string,
  toCode: TelemetryOptions['toCode'],
  log: Log | undefined,
  metrics: Metrics | undefined,
): Observer {
  const onError = (entry: object, error: unknown): void => {
    metrics?.recordAuditFailure();
    log?.redacting.error({ entry, err: error }, 'failed to append to the audit log');
  };
  try {
    return openAuditLog({ target, toCode, onError });
  } catch {
    throw new TelemetryError('AUDIT_LOG cannot be opened for appending. Set it to the path of a file, or to stdout.');
  }
}

/** Imports OpenTelemetry only if tracing is on, for a faster start. */
async function openTracing(settings: TelemetrySettings, log: Log | undefined): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = settings;
  if (endpoint === undefined) return undefined;
  const { createOtlpProcessor, createTracing } = await import('./tracing.ts');
  const onExportError = (): void => log?.plain.warn('failed to export spans to the collector');
  return createTracing({ serviceName, processor: createOtlpProcessor(endpoint, onExportError) });
}
