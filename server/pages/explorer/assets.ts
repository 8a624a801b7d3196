/**
 * The explorer's assets: GraphiQL and its workers. They have nine megabytes, so they are loaded for the first page,
 * compressed once, and cached by browsers indefinitely.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

export interface Assets {
  /** Hash of the content; part of each asset's URL. */
  readonly version: string;
  readonly byName: ReadonlyMap<string, Asset>;
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

let loaded: Promise<Assets> | undefined;

/** Loads the assets on the first call. */
export function loadAssets(): Promise<Assets> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Assets> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  const own = (name: string): Promise<string> => readFile(join(import.meta.dirname, name), 'utf8');
  const texts = {
    'graphiql.js': graphiql.js,
    'graphiql.css': graphiql.css,
    'editorWorkerService.js': graphiql.editorWorkerService,
    'json.js': graphiql.jsonWorker,
    'graphql.js': graphiql.graphqlWorker,
    'start.js': await own('start.js'),
    'page.css': await own('page.css'),
  };
  const entries = await Promise.all(
    Object.entries(texts).map(async ([name, text]) => [name, await toAsset(name, text)]),
  );
  const hash = createHash('sha256');
  for (const text of Object.values(texts)) hash.update(text);
  return {
    version: hash.digest('hex').slice(0, 16),
    byName: new Map(entries as [string, Asset][]),
  };
}

async function toAsset(name: string, text: string): Promise<Asset> {
  const plain = Buffer.from(text);
  return { type: name.endsWith('.css') ? CSS : JAVASCRIPT, plain, gzipped: await promisify(gzip)(plain) };
}
