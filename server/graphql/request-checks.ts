/**
 * All checks that may reject an operation before it is executed. This list is the only place to add one: new operations
 * are checked by Apollo Server, known ones by `prepared-operations.ts`, and both run it.
 *
 * Checks of a document run once, as validation rules: a document is known only if it passed. Checks of a request run each
 * time.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import {
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationRule,
} from 'graphql';
import { prepareVariables } from './coercion.ts';
import { prepareCostCheck, textLength, type CostOptions } from './cost.ts';
import type { Variables } from './document.ts';
import { createLimitsRule, findDeepVariable, type Limits } from './limits.ts';
import { cutMessage } from './messages.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

export interface DocumentCheck {
  readonly name: string;
  readonly rule: ValidationRule;
}

export interface RequestCheck {
  readonly name: string;
  /** Does what depends on the operation alone; the returned function checks one request. */
  prepare(operation: ResolvedOperation): (variables: RequestVariables) => GraphQLError | undefined;
}

/** An operation of a valid document. */
export interface ResolvedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Variables of one request. Coerced when first needed: too deep ones would overflow the stack. */
export class RequestVariables {
  /** As the client sent them. */
  readonly raw: Variables;
  readonly #prepared: CoerceVariables;
  #result: ReturnType<CoerceVariables> | undefined;

  constructor(raw: Variables, prepared: CoerceVariables) {
    this.raw = raw;
    this.#prepared = prepared;
  }

  /** `undefined` if they are invalid. */
  get coerced(): Variables | undefined {
    return this.#coerce().coerced;
  }

  /** `undefined` if they are valid. */
  get firstError(): GraphQLError | undefined {
    return this.#coerce().errors?.[0];
  }

  #coerce(): ReturnType<CoerceVariables> {
    return (this.#result ??= this.#prepared(this.raw));
  }
}

type CoerceVariables = ReturnType<typeof prepareVariables>;

export interface RequestChecksOptions {
  readonly limits: Limits;
  readonly cost: CostOptions;
  /** Omit to allow any document. */
  readonly trustedDocuments?: TrustedDocuments | undefined;
}

export interface RequestChecks {
  readonly documentChecks: readonly DocumentCheck[];
  readonly requestChecks: readonly RequestCheck[];
}

export function createRequestChecks({ limits, cost, trustedDocuments }: RequestChecksOptions): RequestChecks {
  return {
    documentChecks: [
      // First: the others would reveal parts of the schema.
      ...(trustedDocuments ? [{ name: 'trusted-documents', rule: trustedDocuments.rule }] : []),
      { name: 'document-limits', rule: createLimitsRule(limits) },
    ],
    requestChecks: [
      {
        name: 'variable-depth',
        prepare:
          () =>
          ({ raw }) =>
            findDeepVariable(raw, limits),
      },
      { name: 'variable-errors', prepare: () => findLongVariableError },
      {
        name: 'cost',
        prepare(operation) {
          const checkCost = prepareCostCheck(cost, operation);
          return ({ coerced }) => coerced && checkCost(coerced);
        },
      },
    ],
  };
}

export interface CheckResult {
  /** Of the first check that rejects the request. */
  readonly error?: GraphQLError;
  /** Variables after coercion; `undefined` if they are invalid. */
  readonly coerced?: Variables | undefined;
}

/** Prepares all request checks for an operation. */
export function prepareRequestChecks(
  { requestChecks }: Pick<RequestChecks, 'requestChecks'>,
  resolved: ResolvedOperation,
): (variables: Variables) => CheckResult {
  const checks = requestChecks.map(({ prepare }) => prepare(resolved));
  const coerceVariables = prepareVariables(resolved.schema, resolved.operation);
  return (raw) => {
    const variables = new RequestVariables(raw, coerceVariables);
    for (const check of checks) {
      const error = check(variables);
      if (error) return { error };
    }
    return { coerced: variables.coerced };
  };
}

/** Runs the request checks in Apollo Server. */
export function createChecksPlugin(checks: RequestChecks): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request: { variables = {} } }) {
          if (!operation) return;
          const { error } = prepareRequestChecks(checks, { schema, document, operation })(variables);
          if (error) throw error;
        },
      };
    },
  };
}

/** In characters, names included. */
const LONG_VARIABLES = 20_000;

/**
 * Rejects long invalid variables with their first error. Execution reports the errors of short ones, but quotes the
 * variables in each.
 */
function findLongVariableError({ raw, firstError }: RequestVariables): GraphQLError | undefined {
  if (!firstError || textLength(raw) <= LONG_VARIABLES) return undefined;
  const extensions = { code: 'BAD_USER_INPUT', http: { status: 400 } };
  return new GraphQLError(cutMessage(firstError.message), { nodes: firstError.nodes ?? null, extensions });
}
