/**
 * Serves `/`: the explorer (GraphiQL) to browsers, a JSON index to other clients. The page needs no credentials and
 * contains no secrets: data comes from `/graphql`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sources } from '../../datasources/index.ts';
import { STUDIO_ORIGIN } from '../http/cors.ts';
import { loadAssets } from './explorer/assets.ts';
import { readExamples, type ExampleAction } from './explorer/examples.ts';
import { renderPage } from './explorer/page.ts';

export type { ExampleAction } from './explorer/examples.ts';

export interface ExplorerOptions {
  /** A ticket and an action that exist. Omit to make the examples dry runs. */
  readonly example?: ExampleAction | undefined;
  /** Whether callers must authenticate. */
  readonly requiresAuth: boolean;
}

/** What the explorer shows about the endpoint. */
export interface ExplorerEnvironment {
  readonly sources: Sources;
  readonly introspection: boolean;
  readonly corsOrigins: readonly string[];
  /** Whether only registered operations are executed. */
  readonly isRestricted: boolean;
}

/** Allows scripts and requests of this origin only. Inline styles are allowed, as Monaco creates them. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** @param explorer Omit to serve the JSON index to browsers too. */
export function registerExplorer(
  http: FastifyInstance,
  explorer: ExplorerOptions | undefined,
  environment: ExplorerEnvironment,
): void {
  const hasConsole = (): boolean => http.hasRoute({ method: 'GET', url: '/console' });
  http.get('/', async (request, reply) => {
    void reply.headers({ ...HEADERS, vary: 'accept' });
    if (!explorer || !isBrowser(request)) return toIndex(explorer !== undefined, hasConsole());
    void reply.header('content-security-policy', PAGE_POLICY).header('x-frame-options', 'DENY');
    void reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
    const { version } = await loadAssets();
    return renderPage({
      assets: `explorer/${version}`,
      examples: readExamples(environment.sources, explorer.example),
      hasConsole: hasConsole(),
      isOpenToStudio: environment.corsOrigins.includes(STUDIO_ORIGIN),
      notices: toNotices(explorer, environment),
    });
  });
  if (explorer) http.get('/explorer/:version/:name', sendAsset);
}

function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

function toIndex(hasExplorer: boolean, hasConsole: boolean): Record<string, unknown> {
  return {
    name: 'ticketgraph',
    graphql: '/graphql',
    health: ['/health/live', '/health/ready'],
    explorer: hasExplorer ? 'open this address in a browser' : 'off',
    ...(hasConsole && { console: '/console' }),
  };
}

function toNotices({ requiresAuth }: ExplorerOptions, { introspection, isRestricted }: ExplorerEnvironment): string[] {
  return [
    ...(introspection
      ? []
      : ['Introspection is off (INTROSPECTION): no documentation and no completion. Operations still work.']),
    ...(isRestricted ? ['Only registered operations are executed (OPERATIONS). Others are rejected.'] : []),
    ...(requiresAuth
      ? ['Authentication required: put authorization or x-api-key into Headers, as JSON, then fetch the schema again.']
      : []),
  ];
}

/** Unknown versions are not found, so that a page from before an update does not load assets from after it. */
async function sendAsset(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { version, name } = request.params as { version: string; name: string };
  const assets = await loadAssets();
  const asset = assets.byName.get(name);
  if (version !== assets.version || !asset) {
    reply.callNotFound();
    return reply;
  }
  void reply.headers({ ...HEADERS, 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' });
  // Also applies to the workers loaded from here.
  void reply.header('content-security-policy', "default-src 'none'").type(asset.type);
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(asset.plain);
  return reply.header('content-encoding', 'gzip').send(asset.gzipped);
}
