/** Reads the document of `ticketgraph query`, and chooses its operation. */
import { existsSync, readFileSync } from 'node:fs';
import { GraphQLError, Kind, getOperationAST, parse, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { CommandError, EXIT } from '../exit.ts';
import { readStandardInput } from '../standard-input.ts';

export interface Operation {
  /** Says only whether the operation writes. */
  readonly document: DocumentNode;
  /** The request's body without its variables. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** SHA-256 in hexadecimal: the id of a registered operation. */
const ID = /^[0-9a-f]{64}$/;

/**
 * @param given a document, a file, an id of a registered operation, or `-` or nothing for stdin.
 * @throws CommandError if there is no such file, no valid document, or no such operation.
 */
export async function readOperation(given: string | undefined, name: string | undefined): Promise<Operation> {
  if (given !== undefined && ID.test(given)) return registered(given, name);
  const text = await readText(given);
  const operation = choose(parseDocument(text), name);
  const operationName = operation.name?.value;
  return {
    document: { kind: Kind.DOCUMENT, definitions: [operation] },
    body: { query: text, ...(operationName !== undefined && { operationName }) },
  };
}

/** https://www.apollographql.com/docs/graphos/platform/security/persisted-queries */
function registered(id: string, name: string | undefined): Operation {
  const extensions = { persistedQuery: { version: 1, sha256Hash: id } };
  // Its text is unknown. It may be a write, so that its outcome is unknown if the response is missing.
  return {
    document: parse('mutation { __typename }'),
    body: { extensions, ...(name !== undefined && { operationName: name }) },
  };
}

async function readText(given: string | undefined): Promise<string> {
  if (given === '-' || (given === undefined && !process.stdin.isTTY)) return readStandardInput();
  if (given === undefined) throw noDocument('No document was given.');
  // A path has no braces, and a document has them.
  if (given.includes('{') && !existsSync(given)) return given;
  try {
    return readFileSync(given, 'utf8');
  } catch {
    throw noDocument(`Cannot read the file ${given}.`);
  }
}

function noDocument(message: string): CommandError {
  return new CommandError(
    EXIT.usage,
    message,
    "Pass a document such as '{ vendors { key } }', a file, or - for stdin.",
  );
}

function parseDocument(text: string): DocumentNode {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [{ line, column } = { line: 1, column: 1 }] = error.locations ?? [];
    const message = `The document is not valid GraphQL: ${error.message} (line ${line}, column ${column})`;
    throw new CommandError(EXIT.usage, message, 'Correct the document.');
  }
}

function choose(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  const names = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((definition) => definition.name?.value ?? '(unnamed)');
  const found = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`;
  throw new CommandError(
    EXIT.usage,
    name === undefined ? 'The document has several operations, or none.' : `The document has no operation ${name}.`,
    `Choose one with --operation. ${found}`,
  );
}
