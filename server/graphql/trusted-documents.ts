/**
 * Trusted documents: with a manifest, only its operations are executed. A client sends the id of an operation or its
 * text. Spaces, commas and the order of definitions make no difference.
 */
import { createHash } from 'node:crypto';
import {
  BREAK,
  GraphQLError,
  Kind,
  parse,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type OperationTypeNode,
  type ValidationRule,
} from 'graphql';
import { isRecord } from './is-record.ts';

/** One operation of a manifest. */
export interface RegisteredOperation {
  /** SHA-256 of the body, in hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly type: OperationTypeNode;
  /** The operation with all its fragments. */
  readonly body: string;
}

/** Manifest format of Apollo: https://www.apollographql.com/docs/graphos/platform/security/persisted-queries#manifest-format */
const FORMAT = { format: 'apollo-persisted-query-manifest', version: 1 } as const;

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Returns the text of a manifest, sorted by name. */
export function printManifest(operations: readonly RegisteredOperation[]): string {
  const sorted = operations.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return `${JSON.stringify({ ...FORMAT, operations: sorted }, null, 2)}\n`;
}

/** Returns the operations of a manifest, or why the text is not a valid manifest. */
export function parseManifest(text: string): readonly RegisteredOperation[] | string {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isRecord(manifest) || manifest['format'] !== FORMAT.format || manifest['version'] !== FORMAT.version) {
    return `its format is not "${FORMAT.format}" of version ${FORMAT.version}`;
  }
  const operations: unknown = manifest['operations'];
  if (!Array.isArray(operations)) return 'it has no list of operations';
  const invalidIndex = operations.findIndex((operation) => !isOperation(operation));
  if (invalidIndex < 0) return operations as RegisteredOperation[];
  return `operation ${invalidIndex + 1} of it is not a document whose SHA-256 is its id`;
}

function isOperation(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { id, name, body } = value;
  return typeof name === 'string' && typeof body === 'string' && id === digest(body) && hasOperation(body);
}

function hasOperation(body: string): boolean {
  try {
    return parse(body).definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  } catch {
    return false;
  }
}

/** Whether an operation of the manifest selects a field of this name. */
export function hasField(operations: readonly RegisteredOperation[], name: string): boolean {
  let isFound = false;
  const Field = (field: FieldNode): unknown => {
    isFound ||= field.name.value === name;
    return isFound ? BREAK : undefined;
  };
  return operations.some(({ body }) => {
    visit(parse(body), { Field });
    return isFound;
  });
}

export interface TrustedDocuments {
  /** Rejects documents that are not registered, and stops all other rules. */
  readonly rule: ValidationRule;
  /** Cache of persisted queries for Apollo Server. Holds the manifest, and ignores additions. */
  readonly cache: {
    get(key: string): Promise<string>;
    set(): Promise<void>;
    delete(): Promise<boolean>;
  };
}

/** The text returned for an unregistered id. It has no operation, so it cannot be registered itself. */
const PLACEHOLDER = 'fragment NotRegistered on Query { __typename }';

export function createTrustedDocuments(operations: readonly RegisteredOperation[]): TrustedDocuments {
  const bodies = new Map(operations.map(({ id, body }) => [id, body]));
  const documents = new Set(operations.map(({ body }) => fingerprint(parse(body))));
  return {
    rule: (context) => ({
      Document(document) {
        if (documents.has(fingerprint(document))) return undefined;
        const message = 'The operation is not registered. Send one of the registered operations.';
        context.reportError(new GraphQLError(message, { extensions: { code: 'OPERATION_NOT_REGISTERED' } }));
        // Skips the whole document, for the other rules too: their errors would reveal parts of the schema.
        return null;
      },
    }),
    cache: {
      get: async (key) => bodies.get(key.replace(/^apq:/, '')) ?? PLACEHOLDER,
      set: async () => undefined,
      delete: async () => false,
    },
  };
}

/** Equal for documents that differ only in formatting and in the order of definitions. */
function fingerprint({ definitions }: DocumentNode): string {
  return digest(definitions.map(print).toSorted().join('\n'));
}
