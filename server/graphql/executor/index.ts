/**
 * Executes operations like `execute` of graphql-js, and faster: what depends on the document alone is planned once.
 *
 * It replaces graphql-js because that repeats the planning for each object of a response, and graphql-jit because that
 * is not correct: it completes `[x, null, null]` as `[x, null]` (docs/performance.md#executor). Whatever has no plan, such
 * as introspection and invalid variables, is executed by graphql-js.
 */
import {
  OperationTypeNode,
  createSourceEventStream,
  execute,
  getVariableValues,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Variables } from '../document.ts';
import { FieldError } from './errors.ts';
import { executeFieldsSerially, type Execution, type SelectionPlan } from './execute-fields.ts';
import { createPlanCache } from './plan-cache.ts';

/** The document must be valid for the schema. */
export interface ExecutorArgs extends Pick<
  ExecutionArgs,
  'document' | 'operationName' | 'variableValues' | 'contextValue' | 'rootValue'
> {
  /** `variableValues` after coercion. Omit to have them coerced. */
  readonly coercedVariables?: Variables | undefined;
}

export interface RawResult {
  /** `undefined` if the operation was not executed. */
  readonly data: ExecutionResult['data'];
  readonly errors: readonly FieldError[];
}

export interface Executor {
  /** Returns what `execute` of graphql-js would. */
  execute(args: ExecutorArgs): Promise<ExecutionResult>;
  /** The same, with errors that are not GraphQLErrors yet. For an event of a subscription, `rootValue` is the event. */
  executeRaw(args: ExecutorArgs): Promise<RawResult>;
  /** Returns the events of a subscription, or its errors. */
  subscribe(args: ExecutorArgs): Promise<AsyncIterable<unknown> | RawResult>;
}

/** Resolvers of the schema are read when a document is first executed. */
export function createExecutor(schema: GraphQLSchema): Executor {
  const findPlan = createPlanCache(schema);

  const executeRaw: Executor['executeRaw'] = async ({ coercedVariables, ...args }) => {
    const plan = findPlan(args.document, args.operationName ?? undefined);
    const variables = coercedVariables ?? (plan && coerce(schema, plan.operation, args.variableValues ?? {}));
    const fields = variables && plan?.rootFields(variables);
    if (!fields) return toRaw(await execute({ ...args, schema }));
    const { contextValue, rootValue } = args;
    const execution = { contextValue, variableValues: variables, errors: [] };
    return executePlan(fields, plan!.operation, rootValue, execution);
  };

  return {
    executeRaw,
    async subscribe(args) {
      const events = await createSourceEventStream({ ...args, schema });
      return Symbol.asyncIterator in events ? events : toRaw(events);
    },
    async execute(args) {
      const { data, errors } = await executeRaw(args);
      return {
        ...(data !== undefined && { data }),
        ...(errors.length > 0 && { errors: errors.map((error) => error.toGraphQLError()) }),
      };
    },
  };
}

function toRaw({ data, errors = [] }: ExecutionResult): RawResult {
  return { data, errors: errors.map((error) => new FieldError(error)) };
}

/** Returns `undefined` for invalid variables. */
function coerce(schema: GraphQLSchema, operation: OperationDefinitionNode, values: Variables): Variables | undefined {
  return getVariableValues(schema, operation.variableDefinitions ?? [], values, { maxErrors: 1 }).coerced;
}

async function executePlan(
  fields: SelectionPlan,
  { operation }: OperationDefinitionNode,
  rootValue: unknown,
  execution: Execution,
): Promise<RawResult> {
  const { errors } = execution;
  try {
    const data =
      operation === OperationTypeNode.MUTATION
        ? await executeFieldsSerially(fields, rootValue, execution)
        : await fields.execute(rootValue, undefined, execution);
    return { data, errors };
  } catch (error) {
    // A GraphQLError, as a non-nullable field of the root failed.
    return { data: null, errors: [...errors, new FieldError(error)] };
  }
}
