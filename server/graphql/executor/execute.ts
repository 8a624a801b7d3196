/**
 * Answers a plan: calls its resolvers, completes what they give, and keeps each error in its place:
 * https://spec.graphql.org/September2025/#sec-Executing-Fields and the section on handling execution errors.
 *
 * All decisions that depend on the document alone have been made by `plan.ts`; what is left is a walk over values. A
 * promise is made only where a resolver gives one.
 */
import { GraphQLError, type FieldNode, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { toGraphQLError, type FieldError, type Path } from './errors.ts';
import type { Variables } from './collect-fields.ts';

/** One execution. */
export interface Run {
  readonly context: unknown;
  /** Coerced. */
  readonly variables: Variables;
  readonly errors: FieldError[];
}

/** Turns what a resolver gave into what the answer shows, or a promise of it. Throws what is wrong with it. */
export type Complete = (value: unknown, path: Path, run: Run) => unknown;

export interface FieldPlan {
  /** Its name in the answer. */
  readonly key: string;
  /** Its name in the schema. */
  readonly name: string;
  readonly nodes: readonly FieldNode[];
  readonly parentTypeName: string;
  readonly isNullable: boolean;
  /** Undefined where it is a property of its parent. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly argumentsOf: (variables: Variables) => Readonly<Record<string, unknown>>;
  /** All that a resolver is told besides what belongs to one execution. */
  readonly info: Omit<GraphQLResolveInfo, 'path' | 'variableValues'>;
  readonly complete: Complete;
  /** Present where it is a property of its parent, of a scalar whose values go into the answer as they are, if right. */
  readonly isIdentitySerialized: ((value: unknown) => boolean) | undefined;
  /** Present where the value is a scalar or an enum. */
  readonly toLeaf: ((value: unknown) => unknown) | undefined;
}

/** Answers fields of one object side by side. Throws, or rejects, where one that may not be null has failed. */
export type ExecuteFields = (source: unknown, path: Path | undefined, run: Run) => Answered | Promise<Answered>;

export interface ObjectPlan {
  readonly fields: readonly FieldPlan[];
  /** All of them at once. */
  readonly execute: ExecuteFields;
}

type Answered = Record<string, unknown>;

/** The same object with what its promises give, in their places. */
export function settle(answered: Answered): Promise<Answered> {
  const pending: Promise<unknown>[] = [];
  for (const [key, value] of Object.entries(answered)) {
    if (isPromise(value)) pending.push(value.then((settled) => (answered[key] = settled)));
  }
  return Promise.all(pending).then(() => answered);
}

/** Fails with the error once what has been begun has ended: nothing may go on behind an answer's back. */
export function failAfter(values: readonly unknown[], error: unknown): Promise<never> {
  const pending = values.filter(isPromise);
  if (pending.length === 0) throw error;
  return Promise.allSettled(pending).then(() => Promise.reject(error as Error));
}

/** One field after the other, as mutations are. */
export async function executeInTurn(
  { fields }: Pick<ObjectPlan, 'fields'>,
  source: unknown,
  run: Run,
): Promise<Answered> {
  const answered: Answered = {};
  for (const field of fields) answered[field.key] = await executeField(field, source, undefined, run);
  return answered;
}

export function executeField(field: FieldPlan, source: unknown, parent: Path | undefined, run: Run): unknown {
  try {
    const { resolve, name, toLeaf } = field;
    // Once: of a view, it is worked out each time that it is read.
    const property = resolve ? undefined : propertyOf(source, name);
    if (toLeaf && !resolve && typeof property !== 'function' && !isPromise(property)) {
      return completeLeaf(property, toLeaf, field);
    }
    const path: Path = { prev: parent, key: field.key, typename: field.parentTypeName };
    return resolveField(field, source, property, path, run);
  } catch (error) {
    return failField(field, error, parent, run);
  }
}

/** The value of a field whose property cannot be read, as a getter has thrown. */
export function failField(field: FieldPlan, error: unknown, parent: Path | undefined, run: Run): null {
  const path: Path = { prev: parent, key: field.key, typename: field.parentTypeName };
  return keepError(error, field.nodes, path, field.isNullable, run);
}

function resolveField(field: FieldPlan, source: unknown, property: unknown, path: Path, run: Run): unknown {
  const { complete, nodes, isNullable } = field;
  const value = valueOf(field, source, property, path, run);
  const completed = isPromise(value)
    ? value.then((settled) => complete(settled, path, run))
    : complete(value, path, run);
  if (!isPromise(completed)) return completed;
  return completed.catch((error: unknown) => keepError(error, nodes, path, isNullable, run));
}

/** What the resolver says; where there is none, the property, or what it gives where it is a function. */
function valueOf(field: FieldPlan, source: unknown, property: unknown, path: Path, run: Run): unknown {
  const { resolve, argumentsOf } = field;
  const { context, variables } = run;
  if (resolve) return resolve(source, argumentsOf(variables), context, toInfo(field, path, run));
  if (typeof property !== 'function') return property;
  return Reflect.apply(property, source, [argumentsOf(variables), context, toInfo(field, path, run)]);
}

function toInfo({ info }: FieldPlan, path: Path, { variables }: Run): GraphQLResolveInfo {
  return { ...info, path, variableValues: variables };
}

/** Of an object; a text's length is no field. */
function propertyOf(source: unknown, name: string): unknown {
  return isObject(source) ? source[name] : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function completeLeaf(value: unknown, toLeaf: (value: unknown) => unknown, field: FieldPlan): unknown {
  if (value instanceof Error) throw value;
  const leaf = value === undefined || value === null ? null : toLeaf(value);
  if (leaf === null && !field.isNullable) throw isNull(field);
  return leaf;
}

// ---------------------------------------------------------------- completing

/** Where no value is one, and an error is an error; `inner` need not look for either. */
export function completeNullable(inner: Complete): Complete {
  return (value, path, run) => {
    if (value instanceof Error) throw value;
    return value === undefined || value === null ? null : inner(value, path, run);
  };
}

/** Fails for null. */
export function completeNonNull(inner: Complete, field: Pick<FieldPlan, 'parentTypeName' | 'name'>): Complete {
  const check = (value: unknown): unknown => {
    if (value === null) throw isNull(field);
    return value;
  };
  return (value, path, run) => {
    const completed = inner(value, path, run);
    return isPromise(completed) ? completed.then(check) : check(completed);
  };
}

/** Each item by itself: one that is wrong is an error in its own place. */
export function completeList(
  inner: Complete,
  isNullable: boolean,
  { nodes, parentTypeName, name }: Pick<FieldPlan, 'nodes' | 'parentTypeName' | 'name'>,
): Complete {
  const keep = (error: unknown, path: Path, run: Run): null => keepError(error, nodes, path, isNullable, run);
  const completeSettled = (item: unknown, path: Path, run: Run): unknown => {
    try {
      const completed = inner(item, path, run);
      return isPromise(completed) ? completed.catch((error: unknown) => keep(error, path, run)) : completed;
    } catch (error) {
      return keep(error, path, run);
    }
  };
  const completeItem = (item: unknown, path: Path, run: Run): unknown => {
    if (!isPromise(item)) return completeSettled(item, path, run);
    return item.then(
      (settled) => completeSettled(settled, path, run),
      (error: unknown) => keep(error, path, run),
    );
  };
  return (value, path, run) => {
    if (!isIterable(value))
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${parentTypeName}.${name}".`);
    const items: unknown[] = [];
    let isPending = false;
    try {
      for (const item of value) {
        const completed = completeItem(item, { prev: path, key: items.length, typename: undefined }, run);
        isPending ||= isPromise(completed);
        items.push(completed);
      }
    } catch (error) {
      // Those before it are waited for: a failure that nobody catches ends the process.
      if (isPending) return Promise.allSettled(items).then(() => Promise.reject(error as Error));
      throw error;
    }
    return isPending ? Promise.all(items) : items;
  };
}

/** An object of one of several types: its `__typename` says of which. */
export function completeAbstract(
  abstractName: string,
  planOf: (typename: unknown) => ObjectPlan | undefined,
): Complete {
  return (value, path, run) => {
    const typename = (value as { __typename?: unknown }).__typename;
    const plan = planOf(typename);
    if (plan) return plan.execute(value, path, run);
    throw new GraphQLError(`"${String(typename)}" is not a possible type of "${abstractName}".`);
  };
}

// ---------------------------------------------------------------- errors

/** An error in its place, and null for the value; where null may not be, the error goes on to the parent. */
function keepError(error: unknown, nodes: readonly FieldNode[], path: Path, isNullable: boolean, run: Run): null {
  if (!isNullable) throw toGraphQLError({ error, nodes, path });
  run.errors.push({ error, nodes, path });
  return null;
}

function isNull({ parentTypeName, name }: Pick<FieldPlan, 'parentTypeName' | 'name'>): Error {
  return new Error(`Cannot return null for non-nullable field ${parentTypeName}.${name}.`);
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
