/**
 * Traces: a span for each request, a child span for each use of the sources by a resolver, and one below that for each
 * vendor call, which propagates the trace. Manual, since auto-instrumentation knows neither tickets nor vendors.
 *
 * Imported only if tracing is on. No global state, so that several servers can run in one process. Attributes hold no ids
 * of callers or tickets, no variables and no query strings.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  defaultTextMapGetter,
  defaultTextMapSetter,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { UpstreamCall, Observer, RequestSources } from '../../datasources/index.ts';
import { vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';
import { recordOf, type RequestRecord } from './request-record.ts';

export interface Tracing {
  readonly observer: Observer;
  /** @param headers of the incoming request, names in lower case */
  startRequest(record: RequestRecord, headers: Readonly<Record<string, unknown>>): void;
  endRequest(record: RequestRecord): void;
  /** Wraps the sources so that each use is a span of the request. `isSource` tells source keys from other text. */
  traceSources(record: RequestRecord, sources: RequestSources, isSource: (key: string) => boolean): RequestSources;
  /** Sends buffered spans, for at most `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>;
}

export interface TracingOptions {
  readonly serviceName: string;
  readonly processor: SpanProcessor;
}

/**
 * Sends spans to an OpenTelemetry collector in batches. The exporter also reads `OTEL_EXPORTER_OTLP_HEADERS`.
 *
 * @param endpoint base URL of the collector.
 * @param onError called if a batch could not be delivered.
 */
export function createOtlpProcessor(endpoint: string, onError: () => void): SpanProcessor {
  const base = endpoint.endsWith('/') ? endpoint.slice(0, -1) : endpoint;
  const otlp = new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis: 5_000 });
  const exporter: SpanExporter = {
    export: (spans, done) =>
      otlp.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) onError();
        done(result);
      }),
    shutdown: () => otlp.shutdown(),
    forceFlush: () => otlp.forceFlush(),
  };
  return new BatchSpanProcessor({ exporter });
}

export function createTracing({ serviceName, processor }: TracingOptions): Tracing {
  const resource = defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName }));
  const provider = new TracerProvider({ resource, spanProcessors: [processor] });
  const tracer = provider.getTracer('ticketgraph');
  const propagator = new W3CTraceContextPropagator();
  /** The span of the current use of the sources. */
  const current = new AsyncLocalStorage<Context>();
  const requests = new WeakMap<RequestRecord, { readonly context: Context; readonly span: Span }>();
  const callSpans = new WeakMap<UpstreamCall, Span>();

  const parentOf = ({ call }: UpstreamCall): Context => {
    const record = recordOf(call);
    return current.getStore() ?? (record && requests.get(record)?.context) ?? ROOT_CONTEXT;
  };

  const startCallSpan = (upstreamCall: UpstreamCall): { span: Span; context: Context } => {
    const parent = parentOf(upstreamCall);
    const [method, path] = upstreamCall.operation.split(' ');
    const { vendor, source } = upstreamCall;
    const attributes: Attributes = { 'ticketgraph.vendor': vendor, 'ticketgraph.source': source };
    if (path !== undefined) Object.assign(attributes, { 'http.request.method': method, 'url.template': path });
    const span = tracer.startSpan(upstreamCall.operation, { kind: SpanKind.CLIENT, attributes }, parent);
    return { span, context: trace.setSpan(parent, span) };
  };

  const observer: Observer = {
    onCallStart(upstreamCall) {
      const { span, context } = startCallSpan(upstreamCall);
      callSpans.set(upstreamCall, span);
      const headers: Record<string, string> = {};
      propagator.inject(context, headers, defaultTextMapSetter);
      // Not tracestate: it comes from the client, and is not for vendors.
      const { traceparent } = headers;
      return traceparent === undefined ? undefined : { traceparent };
    },
    onCallEnd(upstreamCall, { result, status, cause }) {
      const span = callSpans.get(upstreamCall) ?? startCallSpan(upstreamCall).span;
      span.setAttribute('ticketgraph.result', result);
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (cause !== undefined) span.setAttribute('ticketgraph.cause', cause);
      if (result !== 'ok' && result !== 'canceled') setError(span, status === undefined ? result : String(status));
      span.end();
    },
  };

  const inSpan = async <Value>(
    parent: Context,
    name: string,
    attributes: Attributes,
    use: () => Promise<Value>,
    describe?: (value: Value) => Attributes,
  ): Promise<Value> => {
    const span = tracer.startSpan(`sources.${name}`, { attributes }, parent);
    try {
      const value = await current.run(trace.setSpan(parent, span), use);
      if (describe) span.setAttributes(describe(value));
      return value;
    } catch (error) {
      setError(span, kindOf(error));
      throw error;
    } finally {
      span.end();
    }
  };

  return {
    observer,
    startRequest(record, headers) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const attributes = { 'http.request.method': record.method, 'url.path': '/graphql' };
      const span = tracer.startSpan(`${record.method} /graphql`, { kind: SpanKind.SERVER, attributes }, parent);
      record.traceId = span.spanContext().traceId;
      requests.set(record, { context: trace.setSpan(parent, span), span });
    },
    endRequest(record) {
      const span = requests.get(record)?.span;
      if (!span) return;
      if (record.operationType !== null) span.setAttribute('graphql.operation.type', record.operationType);
      if (record.operationName !== null) span.setAttribute('graphql.operation.name', record.operationName);
      if (record.status !== null) span.setAttribute('http.response.status_code', record.status);
      span.setAttribute('ticketgraph.result', record.result);
      if (record.hasInternalError) setError(span, 'internal_error');
      span.end();
    },
    traceSources(record, sources, isSource) {
      const parent = requests.get(record)?.context;
      if (!parent) return sources;
      const sourceOf = (id: string): Attributes => {
        const key = id.slice(0, Math.max(0, id.indexOf(':')));
        return isSource(key) ? { 'ticketgraph.vendor': vendorKeyOf(key), 'ticketgraph.source': key } : {};
      };
      return {
        ...sources,
        ticket: (id, field) => inSpan(parent, 'ticket', sourceOf(id), () => sources.ticket(id, field)),
        actions: (ticket) => inSpan(parent, 'actions', sourceOf(ticket.id), () => sources.actions(ticket)),
        list: (query) =>
          inSpan(
            parent,
            'list',
            {},
            () => sources.list(query),
            (page) => toSpanAttributes(page.sources.map(({ source }) => source)),
          ),
        write: (mutation, input) =>
          inSpan(
            parent,
            'write',
            { 'ticketgraph.mutation': mutation, ...sourceOf(input.ticketId ?? '') },
            () => sources.write(mutation, input),
            ({ items, outcome }) => ({
              ...toSpanAttributes(items.flatMap(({ source }) => source ?? [])),
              'ticketgraph.outcome': outcome,
            }),
          ),
      };
    },
    async close(graceMs) {
      const timeout = new AbortController();
      const expired = sleep(graceMs, undefined, { signal: timeout.signal }).catch(() => undefined);
      await Promise.race([provider.shutdown().catch(() => undefined), expired]);
      timeout.abort();
    },
  };
}

/** The sources that a field has used, and their vendors. */
function toSpanAttributes(sources: readonly string[]): Attributes {
  return {
    'ticketgraph.vendors': [...new Set(sources.map(vendorKeyOf))],
    'ticketgraph.sources': [...new Set(sources)],
  };
}

function setError(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** The kind of a `Failure`; other errors are unexpected. */
function kindOf(error: unknown): string {
  const { kind } = Object(error) as { kind?: unknown };
  return typeof kind === 'string' ? kind : 'internal_error';
}
