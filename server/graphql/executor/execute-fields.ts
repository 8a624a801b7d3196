/**
 * ExecuteSelectionSet and CompleteValue over a plan: https://spec.graphql.org/September2025/#sec-Execution
 *
 * All that depends on the document alone is decided in `plan.ts`. Promises are created only if a resolver returns one.
 */
import { GraphQLError, type FieldNode, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import type { Variables } from '../document.ts';
import { FieldError, type Path } from './errors.ts';
import type { IsIdentity } from '../identity.ts';

/** State of one execution. */
export interface Execution {
  readonly contextValue: unknown;
  /** After coercion. */
  readonly variableValues: Variables;
  readonly errors: FieldError[];
}

/** Turns a resolved value into its response value, or a promise of it. Throws field errors. */
export type CompleteValue = (result: unknown, path: Path, execution: Execution) => unknown;

export interface FieldPlan {
  readonly responseName: string;
  readonly fieldName: string;
  readonly fieldNodes: readonly FieldNode[];
  readonly parentTypeName: string;
  readonly isNullable: boolean;
  /** `undefined` for a property of the source object. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly coerceArgumentValues: (variables: Variables) => Readonly<Record<string, unknown>>;
  /** The parts of `info` that are the same for all executions. */
  readonly info: Omit<GraphQLResolveInfo, 'path' | 'variableValues'>;
  readonly completeValue: CompleteValue;
  /** `undefined` unless the field is a scalar or an enum. */
  readonly leaf: LeafPlan | undefined;
}

export interface LeafPlan {
  readonly isIdentitySerialized: IsIdentity;
  /** Throws if the value cannot be serialized. */
  readonly serialize: (value: unknown) => unknown;
}

export interface SelectionPlan {
  readonly fields: readonly FieldPlan[];
  /** Executes them side by side. */
  readonly execute: ExecuteFields;
}

/** Throws, or rejects, if a non-nullable field fails. */
export type ExecuteFields = (
  source: unknown,
  path: Path | undefined,
  execution: Execution,
) => ResponseObject | Promise<ResponseObject>;

export type ResponseObject = Record<string, unknown>;

// ---------------------------------------------------------------- fields

/** Executes fields one after the other, as the specification wants it for mutations. */
export async function executeFieldsSerially(
  { fields }: SelectionPlan,
  source: unknown,
  execution: Execution,
): Promise<ResponseObject> {
  const response: ResponseObject = {};
  for (const field of fields) {
    response[field.responseName] = await executeField(field, source, undefined, execution);
  }
  return response;
}

/** Replaces promises by their values, in place. */
export function awaitFields(response: ResponseObject): Promise<ResponseObject> {
  const pending: Promise<unknown>[] = [];
  for (const [name, value] of Object.entries(response)) {
    if (isPromise(value)) pending.push(value.then((settled) => (response[name] = settled)));
  }
  return Promise.all(pending).then(() => response);
}

/** Throws the error, but only after pending fields have settled: no field may run on after its response. */
export function rejectAfter(values: readonly unknown[], error: unknown): Promise<never> {
  const pending = values.filter(isPromise);
  if (pending.length === 0) throw error;
  return Promise.allSettled(pending).then(() => Promise.reject(error as Error));
}

export function executeField(
  field: FieldPlan,
  source: unknown,
  parent: Path | undefined,
  execution: Execution,
): unknown {
  const { resolve, fieldName } = field;
  let property: unknown;
  try {
    if (resolve) return resolveAndComplete(field, source, undefined, toPath(field, parent), execution);
    property = isObject(source) ? source[fieldName] : undefined;
  } catch (error) {
    return handleFieldError(error, field.fieldNodes, toPath(field, parent), field.isNullable, execution);
  }
  return executeProperty(field, source, property, parent, execution);
}

/** Executes a field without a resolver whose property has been read. */
export function executeProperty(
  field: FieldPlan,
  source: unknown,
  property: unknown,
  parent: Path | undefined,
  execution: Execution,
): unknown {
  const { leaf } = field;
  try {
    if (leaf?.isIdentitySerialized(property)) return property;
    if (leaf && typeof property !== 'function' && !isPromise(property)) return completeLeaf(property, leaf, field);
    return resolveAndComplete(field, source, property, toPath(field, parent), execution);
  } catch (error) {
    return handleFieldError(error, field.fieldNodes, toPath(field, parent), field.isNullable, execution);
  }
}

export function toPath({ responseName, parentTypeName }: FieldPlan, prev: Path | undefined): Path {
  return { prev, key: responseName, typename: parentTypeName };
}

function resolveAndComplete(
  field: FieldPlan,
  source: unknown,
  property: unknown,
  path: Path,
  execution: Execution,
): unknown {
  const { completeValue, fieldNodes, isNullable } = field;
  const result = resolveFieldValue(field, source, property, path, execution);
  const completed = isPromise(result)
    ? result.then((resolved) => completeValue(resolved, path, execution))
    : completeValue(result, path, execution);
  if (!isPromise(completed)) return completed;
  return completed.catch((error: unknown) => handleFieldError(error, fieldNodes, path, isNullable, execution));
}

/** Calls the resolver. Without one, the value is the property, or what it returns if it is a function. */
function resolveFieldValue(
  field: FieldPlan,
  source: unknown,
  property: unknown,
  path: Path,
  { contextValue, variableValues }: Execution,
): unknown {
  const { resolve, coerceArgumentValues } = field;
  if (!resolve && typeof property !== 'function') return property;
  const info: GraphQLResolveInfo = { ...field.info, path, variableValues };
  const args = coerceArgumentValues(variableValues);
  return resolve
    ? resolve(source, args, contextValue, info)
    : Reflect.apply(property as Method, source, [args, contextValue, info]);
}

type Method = (...args: readonly unknown[]) => unknown;

// ---------------------------------------------------------------- values

function completeLeaf(result: unknown, { serialize }: LeafPlan, field: FieldPlan): unknown {
  if (result instanceof Error) throw result;
  if (result !== undefined && result !== null) return serialize(result);
  if (!field.isNullable) throw nullError(field);
  return null;
}

/** Maps undefined to null and throws Error values before calling `complete`. */
export function completeNullable(complete: CompleteValue): CompleteValue {
  return (result, path, execution) => {
    if (result instanceof Error) throw result;
    return result === undefined || result === null ? null : complete(result, path, execution);
  };
}

/** Throws if the completed value is null. */
export function completeNonNull(
  complete: CompleteValue,
  field: Pick<FieldPlan, 'parentTypeName' | 'fieldName'>,
): CompleteValue {
  const rejectNull = (completed: unknown): unknown => {
    if (completed === null) throw nullError(field);
    return completed;
  };
  return (result, path, execution) => {
    const completed = complete(result, path, execution);
    return isPromise(completed) ? completed.then(rejectNull) : rejectNull(completed);
  };
}

/** Completes items one by one: the error of an item has the item's own path. */
export function completeList(
  completeItem: CompleteValue,
  isItemNullable: boolean,
  { fieldNodes, parentTypeName, fieldName }: Pick<FieldPlan, 'fieldNodes' | 'parentTypeName' | 'fieldName'>,
): CompleteValue {
  const handleError = (error: unknown, path: Path, execution: Execution): null =>
    handleFieldError(error, fieldNodes, path, isItemNullable, execution);
  const completeResolved = (item: unknown, path: Path, execution: Execution): unknown => {
    try {
      const completed = completeItem(item, path, execution);
      if (!isPromise(completed)) return completed;
      return completed.catch((error: unknown) => handleError(error, path, execution));
    } catch (error) {
      return handleError(error, path, execution);
    }
  };
  const complete = (item: unknown, path: Path, execution: Execution): unknown => {
    if (!isPromise(item)) return completeResolved(item, path, execution);
    return item.then(
      (resolved) => completeResolved(resolved, path, execution),
      (error: unknown) => handleError(error, path, execution),
    );
  };
  return (result, path, execution) => {
    if (!isIterable(result)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${parentTypeName}.${fieldName}".`);
    }
    const items: unknown[] = [];
    let hasPromise = false;
    try {
      for (const item of result) {
        const completed = complete(item, { prev: path, key: items.length, typename: undefined }, execution);
        hasPromise ||= isPromise(completed);
        items.push(completed);
      }
    } catch (error) {
      return rejectAfter(items, error);
    }
    return hasPromise ? Promise.all(items) : items;
  };
}

/** ResolveAbstractType: the object type is the one that `__typename` of the value names. */
export function completeAbstract(
  abstractTypeName: string,
  planFor: (typename: unknown) => SelectionPlan | undefined,
): CompleteValue {
  return (result, path, execution) => {
    const { __typename: typename } = result as { readonly __typename?: unknown };
    const fields = planFor(typename);
    if (fields) return fields.execute(result, path, execution);
    throw new GraphQLError(`"${String(typename)}" is not a possible type of "${abstractTypeName}".`);
  };
}

// ---------------------------------------------------------------- errors

/** Records the error and returns null if the value is nullable; otherwise throws, for the parent to handle. */
export function handleFieldError(
  error: unknown,
  fieldNodes: readonly FieldNode[],
  path: Path,
  isNullable: boolean,
  { errors }: Execution,
): null {
  const fieldError = new FieldError(error, fieldNodes, path);
  if (!isNullable) throw fieldError.toGraphQLError();
  errors.push(fieldError);
  return null;
}

function nullError({ parentTypeName, fieldName }: Pick<FieldPlan, 'parentTypeName' | 'fieldName'>): Error {
  return new Error(`Cannot return null for non-nullable field ${parentTypeName}.${fieldName}.`);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
