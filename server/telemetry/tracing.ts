/**
 * Traces: a span for each request, below it one for each reach of a resolver into the sources, below that one for each
 * exchange with a vendor, which is sent the trace's id. By hand, since what can be found by patching modules would miss
 * what is ours: a ticket, a write, a vendor.
 *
 * Only imported where tracing is on. Nothing in it is global, so that several servers fit into one process. No id of a
 * caller or a ticket, no variable and no query string becomes an attribute.
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
import { recordOf, type RequestRecord } from './request-record.ts';

export interface Tracing {
  readonly observer: Observer;
  /** @param headers of the incoming request, names in lower case */
  requestStarted(record: RequestRecord, headers: Readonly<Record<string, unknown>>): void;
  requestEnded(record: RequestRecord): void;
  /** The same sources, each reach into them a span of the request's. `isVendor` knows the vendors' keys. */
  traceSources(record: RequestRecord, sources: RequestSources, isVendor: (key: string) => boolean): RequestSources;
  /** Sends what has not been sent yet, as far as the time allows. */
  close(graceMs: number): Promise<void>;
}

export interface TracingOptions {
  readonly serviceName: string;
  readonly processor: SpanProcessor;
}

/**
 * Sends spans to an OpenTelemetry collector, a batch at a time. `OTEL_EXPORTER_OTLP_HEADERS` is read by the exporter.
 *
 * @param endpoint base address of the collector.
 * @param failed told when a batch could not be delivered.
 */
export function createOtlpProcessor(endpoint: string, failed: () => void): SpanProcessor {
  const base = endpoint.endsWith('/') ? endpoint.slice(0, -1) : endpoint;
  const otlp = new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis: 5_000 });
  const exporter: SpanExporter = {
    export: (spans, done) =>
      otlp.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) failed();
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
  /** The reach that runs now; carried along by Node through everything that it awaits. */
  const reaching = new AsyncLocalStorage<Context>();
  const requests = new WeakMap<RequestRecord, { readonly context: Context; readonly span: Span }>();
  const exchanges = new WeakMap<UpstreamCall, Span>();

  const parentOf = ({ call }: UpstreamCall): Context => {
    const record = recordOf(call);
    return reaching.getStore() ?? (record && requests.get(record)?.context) ?? ROOT_CONTEXT;
  };

  const startExchange = (exchange: UpstreamCall): { span: Span; context: Context } => {
    const parent = parentOf(exchange);
    const [method, path] = exchange.operation.split(' ');
    const attributes: Attributes = { 'ticketgraph.vendor': exchange.vendor };
    if (path !== undefined) Object.assign(attributes, { 'http.request.method': method, 'url.template': path });
    const span = tracer.startSpan(exchange.operation, { kind: SpanKind.CLIENT, attributes }, parent);
    return { span, context: trace.setSpan(parent, span) };
  };

  const observer: Observer = {
    onCallStart(exchange) {
      const { span, context } = startExchange(exchange);
      exchanges.set(exchange, span);
      const headers: Record<string, string> = {};
      propagator.inject(context, headers, defaultTextMapSetter);
      // The rest of what came along (tracestate) was written by the caller's side, and is none of a vendor's business.
      const { traceparent } = headers;
      return traceparent === undefined ? undefined : { traceparent };
    },
    onCallEnd(exchange, { result, status, cause }) {
      const span = exchanges.get(exchange) ?? startExchange(exchange).span;
      span.setAttribute('ticketgraph.result', result);
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (cause !== undefined) span.setAttribute('ticketgraph.cause', cause);
      if (result !== 'ok' && result !== 'abandoned') fail(span, status === undefined ? result : String(status));
      span.end();
    },
  };

  const inSpan = async <Value>(
    parent: Context,
    name: string,
    attributes: Attributes,
    reach: () => Promise<Value>,
    describe?: (value: Value) => Attributes,
  ): Promise<Value> => {
    const span = tracer.startSpan(`sources.${name}`, { attributes }, parent);
    try {
      const value = await reaching.run(trace.setSpan(parent, span), reach);
      if (describe) span.setAttributes(describe(value));
      return value;
    } catch (error) {
      fail(span, kindOf(error));
      throw error;
    } finally {
      span.end();
    }
  };

  return {
    observer,
    requestStarted(record, headers) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const attributes = { 'http.request.method': record.method, 'url.path': '/graphql' };
      const span = tracer.startSpan(`${record.method} /graphql`, { kind: SpanKind.SERVER, attributes }, parent);
      record.traceId = span.spanContext().traceId;
      requests.set(record, { context: trace.setSpan(parent, span), span });
    },
    requestEnded(record) {
      const span = requests.get(record)?.span;
      if (!span) return;
      if (record.operationType !== null) span.setAttribute('graphql.operation.type', record.operationType);
      if (record.operationName !== null) span.setAttribute('graphql.operation.name', record.operationName);
      if (record.status !== null) span.setAttribute('http.response.status_code', record.status);
      span.setAttribute('ticketgraph.result', record.result);
      if (record.hasInternalError) fail(span, 'defect');
      span.end();
    },
    traceSources(record, sources, isVendor) {
      const parent = requests.get(record)?.context;
      if (!parent) return sources;
      const vendorOf = (id: string): Attributes => {
        const key = id.slice(0, Math.max(0, id.indexOf(':')));
        return isVendor(key) ? { 'ticketgraph.vendor': key } : {};
      };
      return {
        ...sources,
        ticket: (id, field) => inSpan(parent, 'ticket', vendorOf(id), () => sources.ticket(id, field)),
        actions: (ticket) => inSpan(parent, 'actions', vendorOf(ticket.id), () => sources.actions(ticket)),
        list: (query) =>
          inSpan(
            parent,
            'list',
            {},
            () => sources.list(query),
            (page) => ({ 'ticketgraph.vendors': page.sources.map(({ vendor }) => vendor) }),
          ),
        write: (mutation, input) =>
          inSpan(
            parent,
            'write',
            { 'ticketgraph.mutation': mutation, ...vendorOf(input.ticketId ?? '') },
            () => sources.write(mutation, input),
            ({ items, outcome }) => ({
              'ticketgraph.vendors': [...new Set(items.flatMap(({ vendor }) => vendor?.toLowerCase() ?? []))],
              'ticketgraph.outcome': outcome,
            }),
          ),
      };
    },
    async close(graceMs) {
      const stop = new AbortController();
      const late = sleep(graceMs, undefined, { signal: stop.signal }).catch(() => undefined);
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      stop.abort();
    },
  };
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** A known failure says its kind; what says none is a defect of ours. */
function kindOf(error: unknown): string {
  const { kind } = Object(error) as { kind?: unknown };
  return typeof kind === 'string' ? kind : 'defect';
}
