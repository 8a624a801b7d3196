/**
 * Writes the manifest of registered operations from a client's documents:
 *
 *   npm run operations:register -- [--typename] <files or folders>
 *
 * A fragment may stand in another file than the operation that spreads it. `--typename` adds `__typename` to each
 * selection, as clients such as Apollo Client and urql do before they send. The manifest goes to OPERATIONS_MANIFEST,
 * or operations.json.
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
  if (unknown !== undefined) throw new Mistakes([`${unknown} is not an option; there is --typename alone.`]);
  const files = paths.flatMap(findDocuments);
  if (files.length === 0) throw new Mistakes(['Name files or folders that hold .graphql documents.']);
  const operations = register(files.map(readDocument), buildSchema(loadTypeDefs()), options.includes('--typename'));
  const manifest = process.env['OPERATIONS_MANIFEST'] ?? 'operations.json';
  writeFileSync(manifest, printManifest(operations));
  return `${operations.length} operations are registered in ${manifest}.`;
}

/** What is wrong with the documents: one sentence for each thing. */
class Mistakes extends Error {
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
  }
}

function findDocuments(path: string): string[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new Mistakes([`${path} does not exist.`]);
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
    throw error instanceof GraphQLError ? new Mistakes([describe(error)]) : error;
  }
}

/** Every operation of the documents, checked as the endpoint will check it. @throws Mistakes */
function register(
  documents: readonly DocumentNode[],
  schema: GraphQLSchema,
  addsTypename: boolean,
): readonly RegisteredOperation[] {
  const definitions = documents.flatMap((document) => document.definitions);
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION) as FragmentDefinitionNode[];
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode[];
  const whole = operations.map((operation) => complete(operation, fragments));
  const mistakes = [
    ...findAmbiguous('operation', operations),
    ...findAmbiguous('fragment', fragments),
    ...whole.flatMap((document) => validate(schema, document, RULES).map(describe)),
  ];
  if (mistakes.length > 0) throw new Mistakes([...new Set(mistakes)]);
  return whole.map((document, index) =>
    toRegistered(operations[index]!, addsTypename ? addTypename(document) : document),
  );
}

const RULES = [...specifiedRules, createLimitsRule(DEFAULT_LIMITS)];

/** The operation with the fragments that it uses, and those that they use. */
function complete(operation: OperationDefinitionNode, fragments: readonly FragmentDefinitionNode[]): DocumentNode {
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

/** A manifest's operations have names of their own, and a fragment's name must mean one thing. */
function findAmbiguous(
  what: string,
  definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
): readonly string[] {
  const byName = Map.groupBy(definitions, ({ name }) => name?.value ?? '');
  return [...byName].flatMap(([name, same]) => {
    const files = same.map(({ loc }) => loc?.source.name ?? '').join(', ');
    if (name === '') return [`An ${what} in ${files} has no name.`];
    return same.length > 1 ? [`The ${what} ${name} stands more than once: ${files}.`] : [];
  });
}

function toRegistered({ name, operation }: OperationDefinitionNode, document: DocumentNode): RegisteredOperation {
  const body = print(document);
  return { id: digest(body), name: name?.value ?? '', type: operation, body };
}

const TYPENAME = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;

/** As clients do it: at the end of each selection but an operation's own, where it is not there already. */
function addTypename(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet(node, _, parent): SelectionSetNode | undefined {
      if (parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION) return undefined;
      const has = node.selections.some((one) => one.kind === Kind.FIELD && one.name.value.startsWith('__'));
      return has ? undefined : { ...node, selections: [...node.selections, TYPENAME] };
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
  if (!(error instanceof Mistakes)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
