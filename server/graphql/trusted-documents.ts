/**
 * Trusted documents: with a manifest, only the operations that stand in it are executed. A client names one by its id,
 * or sends it whole; spaces, commas and the order of definitions make no difference then.
 */
import { createHash } from 'node:crypto';
import {
  GraphQLError,
  Kind,
  parse,
  print,
  type DocumentNode,
  type OperationTypeNode,
  type ValidationRule,
} from 'graphql';

/** One operation of a manifest. */
export interface RegisteredOperation {
  /** SHA-256 of the body, in hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly type: OperationTypeNode;
  /** The operation with all fragments that it uses. */
  readonly body: string;
}

/** Apollo's: https://www.apollographql.com/docs/graphos/platform/security/persisted-queries#manifest-format */
const FORMAT = { format: 'apollo-persisted-query-manifest', version: 1 } as const;

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The manifest's text, in an order that does not depend on where the operations were found. */
export function printManifest(operations: readonly RegisteredOperation[]): string {
  const sorted = operations.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return `${JSON.stringify({ ...FORMAT, operations: sorted }, null, 2)}\n`;
}

/** The operations of a manifest; a clause that says what is wrong where it is none. */
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
  const wrong = operations.findIndex((operation) => !isOperation(operation));
  if (wrong < 0) return operations as RegisteredOperation[];
  return `operation ${wrong + 1} of it is not a document whose SHA-256 is its id`;
}

function isOperation(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { id, name, body } = value;
  return typeof name === 'string' && typeof body === 'string' && id === digest(body) && isReadable(body);
}

function isReadable(body: string): boolean {
  try {
    return parse(body).definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export interface TrustedDocuments {
  /** Refuses every document that is not registered, before anything else is said of it. */
  readonly rule: ValidationRule;
  /** What Apollo looks ids up in, and registers new ones in: here, the manifest, which nobody adds to. */
  readonly cache: {
    get(key: string): Promise<string>;
    set(): Promise<void>;
    delete(): Promise<boolean>;
  };
}

/** Stands for an id that is not registered. It has no operation, so that it can never be registered either. */
const NOT_REGISTERED = 'fragment NotRegistered on Query { __typename }';

export function createTrustedDocuments(operations: readonly RegisteredOperation[]): TrustedDocuments {
  const bodies = new Map(operations.map(({ id, body }) => [id, body]));
  const documents = new Set(operations.map(({ body }) => fingerprint(parse(body))));
  return {
    rule: (context) => ({
      Document(document) {
        if (documents.has(fingerprint(document))) return undefined;
        const message = 'Only registered operations are executed here, and this one is not.';
        context.reportError(new GraphQLError(message, { extensions: { code: 'OPERATION_NOT_REGISTERED' } }));
        // Nothing is left to visit, for the other rules too: they would tell of the schema.
        return null;
      },
    }),
    cache: {
      get: async (key) => bodies.get(key.replace(/^apq:/, '')) ?? NOT_REGISTERED,
      set: async () => undefined,
      delete: async () => false,
    },
  };
}

/** The same for documents that differ in spelling only. */
function fingerprint({ definitions }: DocumentNode): string {
  return digest(definitions.map(print).toSorted().join('\n'));
}
