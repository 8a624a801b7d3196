/** The explorer's example operations: documents from `../examples`, with variables that suit the configured vendors. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from '../../../datasources/index.ts';

const FOLDER = join(import.meta.dirname, '../examples');

/** A ticket that exists, and an action that it admits. */
export interface ExampleAction {
  readonly ticketId: string;
  readonly action: string;
}

export interface Example {
  /** Name of the operation. */
  readonly name: string;
  readonly query: string;
  /** JSON. */
  readonly variables: string;
}

/** @param known Omit to make every write of the examples a dry run. */
export function readExamples(sources: Sources, known?: ExampleAction): readonly Example[] {
  const values = toValues(sources, known);
  return readdirSync(FOLDER)
    .toSorted()
    .map((file) => toExample(readFileSync(join(FOLDER, file), 'utf8'), values));
}

/** Values of the examples' variables by name. */
function toValues({ known: sources, connected }: Sources, known?: ExampleAction): ReadonlyMap<string, unknown> {
  const idsOf = (mutation: string): string[] =>
    [...sources.values()]
      .filter(({ key, vendor }) => connected.has(key) && vendor.mutations.includes(mutation))
      .map(({ key, vendor }) => `${key}:${vendor.nativeId.example}`);
  const ticketId = known?.ticketId ?? idsOf('executeAction')[0] ?? '';
  return new Map<string, unknown>([
    ['ticketId', ticketId],
    ['action', known?.action ?? 'replace with a name from availableActions'],
    ['idempotencyKey', 'explorer-1'],
    // Not the ticket that another example changes.
    ['ticketIds', idsOf('setStatus').filter((id) => id !== known?.ticketId)],
    ['dryRun', known === undefined],
  ]);
}

function toExample(query: string, values: ReadonlyMap<string, unknown>): Example {
  const name = /^(?:query|mutation) (\w+)/m.exec(query)?.[1] ?? 'Example';
  const names = new Set([...query.matchAll(/\$(\w+):/g)].map(([, variable]) => variable!));
  const variables = Object.fromEntries([...names].map((variable) => [variable, values.get(variable)]));
  return { name, query, variables: names.size === 0 ? '' : JSON.stringify(variables, null, 2) };
}
