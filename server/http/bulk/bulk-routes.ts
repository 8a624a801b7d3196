/** Uploads of tickets for bulk jobs, and downloads of their results, with the checks and the sign-in of `/graphql`. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallerJobs, RequestSources } from '../../../datasources/index.ts';
import { createCallerHooks, type CallerHookOptions } from '../graphql-route.ts';
import type { IncomingRequest, OpenRequest } from '../incoming-request.ts';
import { sendRejection } from '../error-handler.ts';
import { toAnswer } from '../rejection.ts';
import { MEDIA_TYPES, toHeader, toLine, type Explain, type ResultFormat } from './result-lines.ts';
import { UploadError, readUpload } from './upload-lines.ts';

/** What callers may do here, besides their scopes. */
export interface BulkRouteAccess {
  readonly canUpload: boolean;
  readonly canDownload: boolean;
}

export interface BulkRouteOptions extends CallerHookOptions {
  readonly access: BulkRouteAccess;
  readonly maximumBytes: number;
  /** A failure as clients see it; `undefined` for any other error. */
  explainError(error: unknown): { readonly code: string; readonly message: string } | undefined;
  readonly explain: Explain;
  openRequest(incoming: IncomingRequest): OpenRequest<{ readonly sources: RequestSources }>;
}

/** Headers of which a page of another origin cannot send one without a preflight request. */
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'];

/** Statuses of failures, by code. Others are 400. */
const STATUSES: Readonly<Record<string, number>> = {
  FORBIDDEN: 403,
  UNSUPPORTED: 501,
  IDEMPOTENCY_UNAVAILABLE: 503,
};

/** Results that are read at once. */
const PAGE = 500;

export function registerBulkRoutes(http: FastifyInstance, options: BulkRouteOptions): void {
  void http.register(async (scope) => {
    for (const hook of createCallerHooks(options)) scope.addHook('onRequest', hook as never);
    const pass = (_: FastifyRequest, payload: unknown, done: (error: null, body: unknown) => void): void =>
      done(null, payload);
    scope.addContentTypeParser(
      ['application/x-ndjson', 'text/plain'],
      { bodyLimit: options.maximumBytes + 1 },
      pass as never,
    );
    scope.post('/bulk/uploads', { bodyLimit: options.maximumBytes + 1 }, (request, reply) =>
      upload(request, reply, options),
    );
    scope.get('/bulk/jobs/:id/results', (request, reply) => download(request, reply, options));
  });
}

const notRegistered = (what: string, field: string): string =>
  `${what} are not available: no registered operation selects ${field}. Register one.`;

async function upload(request: FastifyRequest, reply: FastifyReply, options: BulkRouteOptions): Promise<unknown> {
  if (!options.access.canUpload) {
    void reply.header('connection', 'close');
    return send(reply, 400, 'OPERATION_NOT_REGISTERED', notRegistered('Uploads', 'startBulk'));
  }
  const isJson = /^application\/x-ndjson\b/.test(request.headers['content-type'] ?? '');
  if (!isJson && !/^text\/plain\b/.test(request.headers['content-type'] ?? '')) {
    return send(
      reply,
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Send application/x-ndjson, or text/plain with one id on each line.',
    );
  }
  if (!isJson && !PREFLIGHT_HEADERS.some((name) => request.headers[name])) {
    return send(
      reply,
      400,
      'BAD_REQUEST',
      `text/plain needs a header that a form cannot send: ${PREFLIGHT_HEADERS[0]}: 1.`,
    );
  }
  const incoming = toIncoming(request);
  const open = options.openRequest(incoming);
  try {
    const bulk = await open.context.sources.bulk();
    const { maximumBytes } = options;
    const checkId = (id: string): string | undefined => bulk.checkId(id);
    const uploadId = await bulk.upload(
      readUpload(request.body as AsyncIterable<Buffer>, { isJson, maximumBytes, checkId }),
    );
    return await reply.code(201).send({ uploadId });
  } catch (error) {
    return await answerError(error, reply, options);
  } finally {
    open.dispose();
  }
}

function answerError(error: unknown, reply: FastifyReply, options: BulkRouteOptions): FastifyReply {
  if (error instanceof UploadError) {
    // The rest of the body is not read.
    void reply.code(error.status).header('connection', 'close');
    return reply.send({ ...toAnswer(error), lines: error.lines });
  }
  const known = options.explainError(error);
  if (!known) throw error;
  return send(reply, STATUSES[known.code] ?? 400, known.code, known.message);
}

async function download(request: FastifyRequest, reply: FastifyReply, options: BulkRouteOptions): Promise<unknown> {
  const { id } = request.params as { readonly id: string };
  if (!options.access.canDownload) {
    return send(reply, 400, 'OPERATION_NOT_REGISTERED', notRegistered('Results', 'resultsUrl'));
  }
  const { format = 'ndjson', outcome = [] } = request.query as Query;
  if (format !== 'ndjson' && format !== 'csv')
    return send(reply, 400, 'INVALID_INPUT', 'format must be ndjson or csv.');
  const outcomes = [outcome].flat();
  if (!outcomes.every(isOutcome))
    return send(reply, 400, 'INVALID_INPUT', `outcome must be one of ${OUTCOMES.join(', ')}; it may be repeated.`);
  const states = outcomes.length > 0 ? outcomes : null;
  const open = options.openRequest(toIncoming(request));
  reply.raw.on('close', () => open.dispose());
  try {
    const bulk = await open.context.sources.bulk();
    const job = await bulk.find(id.replace(/^bulk-job:/, ''));
    if (!job) return await send(reply, 404, 'NOT_FOUND', 'There is no such bulk job.');
    const name = `bulk-job-${job.id}.${format}`;
    return await reply
      .type(MEDIA_TYPES[format])
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(linesOf({ bulk, job, states }, format, options.explain)));
  } catch (error) {
    return answerError(error, reply, options);
  }
}

type Job = NonNullable<Awaited<ReturnType<CallerJobs['find']>>>;

interface Query {
  readonly format?: string;
  readonly outcome?: string | readonly string[];
}

const OUTCOMES = ['APPLIED', 'NOT_APPLIED', 'UNKNOWN'] as const;

type ResultOutcome = (typeof OUTCOMES)[number];

function isOutcome(text: string): text is ResultOutcome {
  return OUTCOMES.some((outcome) => outcome === text);
}

interface ResultsOfJob {
  readonly bulk: CallerJobs;
  readonly job: Job;
  /** `null` for all. */
  readonly states: readonly ResultOutcome[] | null;
}

/** Reads as fast as the client does. */
async function* linesOf(
  { bulk, job, states }: ResultsOfJob,
  format: ResultFormat,
  explain: Explain,
): AsyncGenerator<string> {
  const header = toHeader(format);
  if (header !== '') yield header;
  for (let after = -1; ;) {
    const items = await bulk.results(job, after, PAGE, states);
    if (items.length > 0) yield items.map((item) => toLine(item, format, explain)).join('');
    if (items.length < PAGE) return;
    after = items.at(-1)!.position;
  }
}

function send(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  sendRejection(reply, { status, code, message });
  return reply;
}

function toIncoming({ caller, headers, record }: FastifyRequest): IncomingRequest {
  if (!caller || !record) throw new TypeError('Expected an authenticated and recorded request.');
  return { caller, headers, record };
}
