/**
 * Writes the manifest of registered operations from a client's documents.
 *
 *   npm run operations:register -- [--typename] <files or folders>
 *
 * Fragments may be in other files than the operations that spread them. `--typename` adds `__typename` to each selection,
 * as Apollo Client and urql do. Writes to OPERATIONS_MANIFEST, which defaults to operations.json.
 */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GraphQLError,
  Kind,
  Source,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { DEFAULT_LIMITS, createLimitsRule } from '../server/graphql/limits.ts';
import { digest, printManifest, type RegisteredOperation } from '../server/graphql/trusted-documents.ts';
import { loadTypeDefs } from '../schema/index.ts';
import { buildSchema } from '../server/server.ts';

function main(words: readonly string[]): string {
  const paths = words.filter((word) => !word.startsWith('--'));
  const options = words.filter((word) => word.startsWith('--'));
  const unknown = options.find((option) => option !== '--typename');
  if (unknown !== undefined) throw new DocumentErrors([`Unknown option ${unknown}. The only option is --typename.`]);
  const files = paths.flatMap(findDocuments);
  if (files.length === 0)
    throw new DocumentErrors(['No .graphql documents found. Pass files or folders that contain them.']);
  const operations = register(files.map(readDocument), buildSchema(loadTypeDefs()), options.includes('--typename'));
  const manifest = process.env['OPERATIONS_MANIFEST'] ?? 'operations.json';
  writeFileSync(manifest, printManifest(operations));
  return `Registered ${operations.length} operations in ${manifest}.`;
}

/** Errors in the documents, one sentence each. */
class DocumentErrors extends Error {
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
  }
}

function findDocuments(path: string): string[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new DocumentErrors([`${path} does not exist.`]);
  if (!status.isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(graphql|gql)$/.test(file) && !/(^|[\\/])node_modules[\\/]/.test(file))
    .toSorted()
    .map((file) => join(path, file));
}

function readDocument(file: string): DocumentNode {
  try {
    return parse(new Source(readFileSync(file, 'utf8'), file));
  } catch (error) {
    throw error instanceof GraphQLError ? new DocumentErrors([describe(error)]) : error;
  }
}

/**
 * Returns every operation of the documents, validated by the endpoint's rules.
 *
 * @throws DocumentErrors if any document is invalid.
 */
function register(
  documents: readonly DocumentNode[],
  schema: GraphQLSchema,
  addsTypename: boolean,
): readonly RegisteredOperation[] {
  const definitions = documents.flatMap((document) => document.definitions);
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION) as FragmentDefinitionNode[];
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode[];
  const complete = operations.map((operation) => withFragments(operation, fragments));
  const errors = [
    ...findAmbiguous('operation', operations),
    ...findAmbiguous('fragment', fragments),
    ...complete.flatMap((document) => validate(schema, document, RULES).map(describe)),
  ];
  if (errors.length > 0) throw new DocumentErrors([...new Set(errors)]);
  return complete.map((document, index) =>
    toRegistered(operations[index]!, addsTypename ? addTypename(document) : document),
  );
}

const RULES = [...specifiedRules, createLimitsRule(DEFAULT_LIMITS)];

/** Returns the operation with all fragments that it spreads, directly or indirectly. */
function withFragments(operation: OperationDefinitionNode, fragments: readonly FragmentDefinitionNode[]): DocumentNode {
  const used = new Set<FragmentDefinitionNode>();
  const follow = (definition: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.find((candidate) => candidate.name.value === name.value);
        if (!fragment || used.has(fragment)) return;
        used.add(fragment);
        follow(fragment);
      },
    });
  };
  follow(operation);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...used] };
}

/** Reports operations without a name, and names that are used more than once. */
function findAmbiguous(
  what: string,
  definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
): readonly string[] {
  const byName = Map.groupBy(definitions, ({ name }) => name?.value ?? '');
  return [...byName].flatMap(([name, same]) => {
    const files = same.map(({ loc }) => loc?.source.name ?? '').join(', ');
    if (name === '') return [`Unnamed ${what} in ${files}.`];
    return same.length > 1 ? [`Duplicate ${what} ${name}: ${files}.`] : [];
  });
}

function toRegistered({ name, operation }: OperationDefinitionNode, document: DocumentNode): RegisteredOperation {
  const body = print(document);
  return { id: digest(body), name: name?.value ?? '', type: operation, body };
}

const TYPENAME = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;

/** Appends `__typename` to each selection except the operation's own, unless it is already there, as clients do. */
function addTypename(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet(node, _, parent): SelectionSetNode | undefined {
      if (parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION) return undefined;
      const hasTypename = node.selections.some((one) => one.kind === Kind.FIELD && one.name.value.startsWith('__'));
      return hasTypename ? undefined : { ...node, selections: [...node.selections, TYPENAME] };
    },
  });
}

function describe({ message, nodes, source, positions, locations }: GraphQLError): string {
  const file = nodes?.[0]?.loc?.source.name ?? (positions ? source?.name : undefined);
  const line = locations?.[0]?.line;
  return file === undefined ? message : `${file}:${line ?? 1}: ${message}`;
}

try {
  console.log(main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof DocumentErrors)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
