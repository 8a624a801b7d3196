/** The promise: all SDL files as one document. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type DocumentNode } from 'graphql';

const FOLDER = import.meta.dirname;

/** Every `.graphql` file below `folder`; a vendor joins in by its file being there. */
export function loadTypeDefs(folder = FOLDER): DocumentNode {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.graphql'));
  const sdl = files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8'));
  return parse(sdl.join('\n'), { noLocation: true });
}
