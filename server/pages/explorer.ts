/**
 * `/`: to a browser the explorer, a page to try operations in that needs nothing from elsewhere; to everybody else a few
 * words on where things are. The page holds no secret and needs no credentials: what it asks, it asks at `/graphql`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sources } from '../../datasources/index.ts';
import { STUDIO_ORIGIN } from '../http/cors.ts';
import { loadAssets } from './explorer/assets.ts';
import { readExamples, type ExampleAction } from './explorer/examples.ts';
import { renderPage } from './explorer/page.ts';

export type { ExampleAction } from './explorer/examples.ts';

export interface ExplorerOptions {
  /** A ticket and an action that are known to exist; where left out, the examples change nothing. */
  readonly example?: ExampleAction | undefined;
  /** Whether callers have to sign in. */
  readonly requiresAuth: boolean;
}

/** What the explorer has to know of the endpoint that it is for. */
export interface ExplorerEnvironment {
  readonly sources: Sources;
  readonly introspection: boolean;
  readonly corsOrigins: readonly string[];
  /** Whether registered operations alone are executed. */
  readonly isRestricted: boolean;
}

/** Only what comes from here is run or asked. Monaco makes its style sheets in the page: those cannot be forbidden. */
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

/** @param explorer undefined where it is off: then `/` says where things are, to browsers too. */
export function addExplorer(
  http: FastifyInstance,
  explorer: ExplorerOptions | undefined,
  surroundings: ExplorerEnvironment,
): void {
  const hasConsole = (): boolean => http.hasRoute({ method: 'GET', url: '/console' });
  http.get('/', async (request, reply) => {
    void reply.headers({ ...HEADERS, vary: 'accept' });
    if (!explorer || !isBrowser(request)) return toSigns(explorer !== undefined, hasConsole());
    void reply.header('content-security-policy', PAGE_POLICY).header('x-frame-options', 'DENY');
    void reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
    const { version } = await loadAssets();
    return renderPage({
      assets: `explorer/${version}`,
      examples: readExamples(surroundings.sources, explorer.example),
      hasConsole: hasConsole(),
      isOpenToStudio: surroundings.corsOrigins.includes(STUDIO_ORIGIN),
      notes: toNotes(explorer, surroundings),
    });
  });
  if (explorer) http.get('/explorer/:version/:name', sendAsset);
}

function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

function toSigns(hasExplorer: boolean, hasConsole: boolean): Record<string, unknown> {
  return {
    name: 'ticketgraph',
    graphql: '/graphql',
    health: ['/health/live', '/health/ready'],
    explorer: hasExplorer ? 'open this address in a browser' : 'off',
    ...(hasConsole && { console: '/console' }),
  };
}

function toNotes({ requiresAuth }: ExplorerOptions, { introspection, isRestricted }: ExplorerEnvironment): string[] {
  return [
    ...(introspection
      ? []
      : [
          'Introspection is off here (INTROSPECTION): no documentation and no completion, operations work all the same.',
        ]),
    ...(isRestricted ? ['Only registered operations are executed here (OPERATIONS): others are refused.'] : []),
    ...(requiresAuth
      ? ['Callers sign in here: put authorization or x-api-key into Headers, as JSON, then fetch the schema again.']
      : []),
  ];
}

/** A version that is not ours has no assets: a page of before an update is not to run with half of the new ones. */
async function sendAsset(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { version, name } = request.params as { version: string; name: string };
  const assets = await loadAssets();
  const asset = assets.byName.get(name);
  if (version !== assets.version || !asset) {
    reply.callNotFound();
    return reply;
  }
  void reply.headers({ ...HEADERS, 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' });
  // Also the policy of the workers that run from here.
  void reply.header('content-security-policy', "default-src 'none'").type(asset.type);
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(asset.plain);
  return reply.header('content-encoding', 'gzip').send(asset.gzipped);
}
