/**
 * Serves the built and compressed console at `/console`. Its files are known at startup: paths are looked up, never
 * resolved in the file system.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const FOLDER = join(import.meta.dirname, '../../console/dist');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.md': 'text/markdown; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

export interface ConsoleOptions {
  /** Sign-in with OpenID Connect. Omit to offer API keys and tokens only. */
  readonly signIn?: OpenIdClient;
}

/** The console as a public client of an OpenID provider. Holds no secret: the page receives it. */
export interface OpenIdClient {
  /** URL, as in the provider's metadata. */
  readonly issuer: string;
  readonly clientId: string;
  /** Separated by spaces. */
  readonly scope: string;
  /** Sent as `resource` (RFC 8707). Omit for the provider's default. */
  readonly resource?: string;
  /** Sent as `audience`, which some providers expect instead. */
  readonly audience?: string;
}

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Allows scripts, styles and images of this origin only, and requests to it and to the OpenID provider. */
function toPolicy({ signIn }: ConsoleOptions): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${signIn ? ` ${new URL(signIn.issuer).origin}` : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** For files whose names contain a hash of their content. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

interface Page {
  readonly type: string;
  readonly cache: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly brotli: Buffer;
}

/** Read once for all servers of the process. */
let built: ReadonlyMap<string, Page> | undefined;

/**
 * The files are public: data comes from `/graphql`, with the caller's own credentials. `/console/settings.json` is what the
 * page needs to know of this installation.
 */
export function serveConsole(http: FastifyInstance, options: ConsoleOptions): void {
  const pages = existsSync(FOLDER) ? (built ??= readPages(FOLDER)) : new Map<string, Page>();
  const index = pages.get('index.html');
  if (!index) throw new TypeError('The console has not been built: run npm run console:build.');
  const policy = toPolicy(options);
  const served = new Map([...pages, ['settings.json', toSettings(options)]]);
  const add = (url: string, page: Page): void => {
    http.get(url, (request, reply) => send(request, reply.header('content-security-policy', policy), page));
  };
  add('/console', index);
  add('/console/', index);
  for (const [path, page] of served) add(`/console/${path}`, page);
}

function readPages(folder: string): ReadonlyMap<string, Page> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.br'))
      .map(({ parentPath, name }) => {
        const file = join(parentPath, name);
        const path = file.slice(folder.length + 1).replaceAll('\\', '/');
        return [path, toPage(path, readFileSync(file), readFileSync(`${file}.br`))];
      }),
  );
}

function toSettings({ signIn }: ConsoleOptions): Page {
  const text = Buffer.from(JSON.stringify({ signIn: signIn ?? null }));
  return toPage('settings.json', text, brotliCompressSync(text));
}

function toPage(path: string, plain: Buffer, brotli: Buffer): Page {
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    cache: path.startsWith('assets/') ? IMMUTABLE : 'no-cache',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    brotli,
  };
}

function send(request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply {
  void reply.headers({ ...HEADERS, 'cache-control': page.cache, etag: page.etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === page.etag) return reply.code(304).send();
  void reply.type(page.type);
  if (!/\bbr\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(page.plain);
  return reply.header('content-encoding', 'br').send(page.brotli);
}
