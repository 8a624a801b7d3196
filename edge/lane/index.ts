/**
 * The lean lane: an operation that has been through Apollo Server once takes a shorter way the next time. What it was
 * told then (well-formed, valid, within the limits of documents, registered where that is asked for) is true of the same
 * text for ever; what depends on the request (who asks, its variables and their limits, its deadline) is looked at each
 * time. Whatever is not plain, or would be refused, goes through Apollo Server, so that there is one place that refuses.
 *
 * What it saves: `docs/benchmarks.md` has the figures, with and without it.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import {
  getVariableValues,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { prepareCostCheck, type CostCheck, type CostOptions } from '../cost.ts';
import { findDeepVariable, type Limits } from '../limits.ts';
import { giveCode } from '../refusals.ts';
import type { RequestRecord, Watch } from '../watch/index.ts';
import { createPlan, type Plan, type Result } from './plan.ts';
import type { Variables } from './selection.ts';

export interface LaneOptions {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly cost: CostOptions;
  readonly watch: Watch;
  /** An error as it leaves the server. */
  format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

/** A request to `/graphql` by POST. */
export interface LaneRequest {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Lane {
  /** Sees what Apollo Server lets through. */
  readonly plugin: ApolloServerPlugin;
  /** The way to answer it here; undefined where Apollo Server has to. */
  find(request: LaneRequest): Ready | undefined;
  /** Told with what media type Apollo Server answers clients that accept this. */
  noteMediaType(accept: string | undefined, mediaType: string): void;
}

/** A request that is known to be in order. */
export interface Ready {
  readonly mediaType: string;
  /** The answer's body. */
  answer(context: unknown, record: RequestRecord): Promise<string>;
}

/** Documents that are known at once, and the longest: their texts take 20 MB at most. */
const MOST_DOCUMENTS = 1_000;
const LONGEST_DOCUMENT = 20_000;
const MOST_MEDIA_TYPES = 100;

/** An operation as it was let through; prepared when it is asked for again, null where it has no plan. */
interface Known {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  prepared?: Prepared | null;
}

interface Prepared {
  readonly plan: Plan;
  readonly checkCost: CostCheck;
}

export function createLane({ schema, limits, cost, watch, format }: LaneOptions): Lane {
  const documents = createDocuments();
  const mediaTypes = new Map<string | undefined, string>();

  const prepare = ({ document, operation }: Known): Prepared | null => {
    const plan = createPlan(schema, document, operation);
    return plan ? { plan, checkCost: prepareCostCheck(cost, { schema, document, operation }) } : null;
  };

  const answer = async ({ operation }: Known, run: Promise<Result>, record: RequestRecord): Promise<string> => {
    record.noteOperation(operation.operation, operation.name?.value);
    const { data, errors } = await run;
    if (errors.length === 0) return `${JSON.stringify({ data })}\n`;
    const formatted = errors.map((error) => {
      watch.own(error, record);
      giveCode(error);
      return format(error.toJSON(), error);
    });
    record.noteErrors(formatted);
    return `${JSON.stringify({ errors: formatted, data })}\n`;
  };

  return {
    plugin: {
      async requestDidStart() {
        return {
          async didResolveOperation({ source, queryHash, document, operation, request: { operationName } }) {
            if (operation) documents.add(source, queryHash, operationName ?? undefined, { document, operation });
          },
        };
      },
    },
    noteMediaType(accept, mediaType) {
      makeRoom(mediaTypes, MOST_MEDIA_TYPES);
      mediaTypes.set(accept, mediaType);
    },
    find({ body, headers }) {
      const mediaType = mediaTypes.get(headers['accept'] as string | undefined);
      const asked = mediaType === undefined ? undefined : toAsked(body);
      const known = asked && documents.find(asked);
      const prepared = known && (known.prepared ??= prepare(known));
      if (!prepared || findDeepVariable(asked.variables, limits)) return undefined;
      const definitions = known.operation.variableDefinitions ?? [];
      const { coerced } = getVariableValues(schema, definitions, asked.variables, { maxErrors: 1 });
      const execute = coerced && !prepared.checkCost(coerced) ? prepared.plan(coerced) : undefined;
      return execute && { mediaType: mediaType!, answer: (context, record) => answer(known, execute(context), record) };
    },
  };
}

// ---------------------------------------------------------------- what is asked

interface Asked {
  /** The document's text, or its SHA-256 where that is all that was sent. */
  readonly text: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/** Undefined for what is not of the plain form: somebody else says what is wrong with it. */
function toAsked(body: unknown): Asked | undefined {
  if (!isRecord(body)) return undefined;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (operationName !== null && (typeof operationName !== 'string' || operationName === '')) return undefined;
  if (variables !== null && !isRecord(variables)) return undefined;
  if (extensions !== null && !isRecord(extensions)) return undefined;
  const text = extensions?.['persistedQuery'] === undefined ? query : toHash(query, extensions['persistedQuery']);
  if (typeof text !== 'string') return undefined;
  return { text, operationName: operationName ?? undefined, variables: variables ?? {} };
}

/** https://www.apollographql.com/docs/apollo-server/performance/apq */
function toHash(query: unknown, persisted: unknown): unknown {
  if (!isRecord(persisted) || persisted['version'] !== 1 || (query !== undefined && query !== null)) return undefined;
  return persisted['sha256Hash'];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// ---------------------------------------------------------------- what is known

interface Documents {
  add(text: string, hash: string, operationName: string | undefined, known: Known): void;
  find(asked: Pick<Asked, 'text' | 'operationName'>): Known | undefined;
}

/** Those that came last, by their text and by its hash. */
function createDocuments(): Documents {
  const byText = new Map<string, { readonly hash: string; readonly operations: Map<string | undefined, Known> }>();
  const texts = new Map<string, string>();
  return {
    add(text, hash, operationName, known) {
      const operations = byText.get(text)?.operations;
      if (operations?.has(operationName) || text.length > LONGEST_DOCUMENT) return;
      if (operations) {
        operations.set(operationName, known);
        return;
      }
      const forgotten = makeRoom(byText, MOST_DOCUMENTS);
      if (forgotten) texts.delete(forgotten.hash);
      byText.set(text, { hash, operations: new Map([[operationName, known]]) });
      texts.set(hash, text);
    },
    find({ text, operationName }) {
      const found = byText.get(text) ?? byText.get(texts.get(text) ?? '');
      return found?.operations.get(operationName);
    },
  };
}

/** Forgets what came first where there are that many already. */
function makeRoom<Key, Value>(map: Map<Key, Value>, most: number): Value | undefined {
  const oldest = map.size >= most ? map.entries().next().value : undefined;
  if (oldest) map.delete(oldest[0]);
  return oldest?.[1];
}
