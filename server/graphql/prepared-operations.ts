/**
 * The lean lane: an operation that has been through Apollo Server once takes a shorter way the next time. What it was
 * told then (well-formed, valid, within the limits of documents, registered where that is asked for) is true of the same
 * text for ever; what depends on the request (who asks, its variables and their limits, its deadline) is looked at each
 * time. Whatever is not plain, or would be refused, goes through Apollo Server, so that there is one place that refuses.
 *
 * What it saves, in CPU of the benchmark's operations: half of one ticket and of a page of 100, a third of 25 tickets of
 * five vendors and of closing ten (`docs/benchmarks.md`).
 */
import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { prepareCostCheck, type CostCheck, type CostOptions } from './cost.ts';
import { findDeepVariable, type Limits } from './limits.ts';
import { assignCode } from './error-codes.ts';
import { digest } from './trusted-documents.ts';
import type { RequestRecord, Telemetry } from '../telemetry/index.ts';
import { toGraphQLError, toPlace, type FieldError, type Place } from './executor/errors.ts';
import { createPlan, type Plan, type Result } from './executor/plan.ts';
import type { Variables } from './executor/collect-fields.ts';
import { prepareVariables, type CoerceVariables } from './executor/coerce-variables.ts';

export interface PreparedOperationsOptions {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly cost: CostOptions;
  readonly watch: Telemetry;
  /** An error as it leaves the server. */
  format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
  /** The same, of one for which it makes no difference what graphql-js would say; undefined for any other. */
  explain(error: unknown, toPlace: () => Place): GraphQLFormattedError | undefined;
}

/** A request to `/graphql` by POST. */
export interface IncomingRequest {
  readonly body: unknown;
}

export interface PreparedOperations {
  /** Sees what Apollo Server lets through. */
  readonly plugin: ApolloServerPlugin;
  /** The way to answer it here; undefined where Apollo Server has to. */
  prepare(request: IncomingRequest): PreparedRequest | undefined;
}

/** A request that is known to be in order. */
export interface PreparedRequest {
  /** The answer's body. */
  answer(context: unknown, record: RequestRecord): Promise<string>;
}

/** Documents that are known at once, and the longest. */
const MAX_DOCUMENTS = 1_000;
const MAX_DOCUMENT_LENGTH = 20_000;

/**
 * What all of them may weigh, and one of them. A token weighs 1 and takes some 300 bytes as part of a document; a field
 * that is planned takes some six times as much, with its code. Of short documents, hundreds fit in.
 */
const MAX_WEIGHT = 300_000;
const MAX_DOCUMENT_WEIGHT = 60_000;
const WEIGHT_OF_FIELD = 6;

/** An operation as it was let through; prepared when it is asked for again, null where it has no plan. */
interface CachedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  prepared?: Prepared | null;
}

interface Prepared {
  readonly plan: Plan;
  readonly coerce: CoerceVariables;
  readonly checkCost: CostCheck;
}

export function createPreparedOperations({
  schema,
  limits,
  cost,
  watch,
  format,
  explain,
}: PreparedOperationsOptions): PreparedOperations {
  const documents = createDocumentCache();

  const prepare = ({ document, operation }: CachedOperation, text: string): Prepared | null => {
    const grown = (fields: number): void => documents.addWeight(text, fields * WEIGHT_OF_FIELD);
    const plan = createPlan(schema, document, operation, grown);
    if (!plan) return null;
    const coerce = prepareVariables(schema, operation.variableDefinitions ?? []);
    return { plan, coerce, checkCost: prepareCostCheck(cost, { schema, document, operation }) };
  };

  const formatOther = (failed: FieldError, record: RequestRecord): GraphQLFormattedError => {
    const error = toGraphQLError(failed);
    watch.linkError(error, record);
    assignCode(error);
    return format(error.toJSON(), error);
  };

  const answer = async (
    { operation }: CachedOperation,
    run: Promise<Result>,
    record: RequestRecord,
  ): Promise<string> => {
    record.recordOperation(operation.operation, operation.name?.value);
    const { data, errors } = await run;
    if (errors.length === 0) return `${JSON.stringify({ data })}\n`;
    const formatted = errors.map(
      (failed) => explain(failed.error, () => toPlace(failed)) ?? formatOther(failed, record),
    );
    record.recordErrors(formatted);
    return `${JSON.stringify({ errors: formatted, data })}\n`;
  };

  return {
    plugin: {
      async requestDidStart() {
        return {
          async didResolveOperation({ source, queryHash, document, operation, metrics, request: { operationName } }) {
            // An id that is not registered comes with a stand-in for its text, and perhaps with a document from before.
            if (digest(source) !== queryHash) return;
            if (operation) documents.add(source, operationName ?? undefined, { document, operation });
            if (metrics.persistedQueryHit || metrics.persistedQueryRegister) documents.name(source, queryHash);
          },
        };
      },
    },
    prepare({ body }) {
      const asked = toGraphqlRequest(body);
      const text = asked && documents.textOf(asked);
      const known = text === undefined ? undefined : documents.find(text, asked!.operationName);
      const prepared = known && (known.prepared ??= prepare(known, text!));
      if (!asked || !prepared || findDeepVariable(asked.variables, limits)) return undefined;
      const coerced = prepared.coerce(asked.variables);
      const execute = coerced && !prepared.checkCost(coerced) ? prepared.plan(coerced) : undefined;
      return execute && { answer: (context, record) => answer(known, execute(context), record) };
    },
  };
}

// ---------------------------------------------------------------- what is asked

interface GraphqlRequest {
  /** The document's text, or its SHA-256 where that is all that was sent. */
  readonly document: { readonly text: string } | { readonly hash: string };
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/** Undefined for what is not of the plain form: somebody else says what is wrong with it. */
function toGraphqlRequest(body: unknown): GraphqlRequest | undefined {
  if (!isRecord(body)) return undefined;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (operationName !== null && (typeof operationName !== 'string' || operationName === '')) return undefined;
  if (variables !== null && !isRecord(variables)) return undefined;
  if (extensions !== null && !isRecord(extensions)) return undefined;
  const document =
    extensions?.['persistedQuery'] === undefined ? toText(query) : toHash(query, extensions['persistedQuery']);
  return document && { document, operationName: operationName ?? undefined, variables: variables ?? {} };
}

function toText(text: unknown): GraphqlRequest['document'] | undefined {
  return typeof text === 'string' ? { text } : undefined;
}

/** https://www.apollographql.com/docs/apollo-server/performance/apq */
function toHash(query: unknown, persisted: unknown): GraphqlRequest['document'] | undefined {
  if (!isRecord(persisted) || persisted['version'] !== 1 || (query !== undefined && query !== null)) return undefined;
  const hash = persisted['sha256Hash'];
  return typeof hash === 'string' ? { hash } : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// ---------------------------------------------------------------- what is known

interface DocumentCache {
  add(text: string, operationName: string | undefined, known: CachedOperation): void;
  /** From now on the hash stands for the text: a client has sent both, and Apollo Server has compared them. */
  name(text: string, hash: string): void;
  textOf(asked: GraphqlRequest): string | undefined;
  find(text: string, operationName: string | undefined): CachedOperation | undefined;
  /** More is kept for this one now. */
  addWeight(text: string, weight: number): void;
}

/** One document: its operations by the name by which they are asked for. */
interface Entry {
  readonly operations: Map<string | undefined, CachedOperation>;
  hash?: string;
  weight: number;
}

/** Those that came last. */
function createDocumentCache(): DocumentCache {
  const entries = new Map<string, Entry>();
  const texts = new Map<string, string>();
  let total = 0;

  const forget = (text: string, { hash, weight }: Entry): void => {
    entries.delete(text);
    if (hash !== undefined) texts.delete(hash);
    total -= weight;
  };
  const weigh = (text: string, weight: number): void => {
    const entry = entries.get(text);
    if (!entry) return;
    entry.weight += weight;
    total += weight;
    if (entry.weight > MAX_DOCUMENT_WEIGHT) forget(text, entry);
    for (const [oldest, old] of entries) {
      if (total <= MAX_WEIGHT && entries.size <= MAX_DOCUMENTS) return;
      forget(oldest, old);
    }
  };

  return {
    add(text, operationName, known) {
      if (text.length > MAX_DOCUMENT_LENGTH) return;
      const entry = entries.get(text);
      if (entry) {
        if (!entry.operations.has(operationName)) entry.operations.set(operationName, known);
        return;
      }
      entries.set(text, { operations: new Map([[operationName, known]]), weight: 0 });
      weigh(text, known.document.tokenCount ?? text.length);
    },
    name(text, hash) {
      const entry = entries.get(text);
      if (!entry) return;
      entry.hash = hash;
      texts.set(hash, text);
    },
    textOf: ({ document }) => ('text' in document ? document.text : texts.get(document.hash)),
    find: (text, operationName) => entries.get(text)?.operations.get(operationName),
    addWeight: weigh,
  };
}
