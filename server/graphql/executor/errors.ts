/**
 * Errors of fields, from where they turn up to the answer. Most say why a ticket cannot be had, and an answer may hold one
 * for each of many: so they wait as they are, and only those of which nobody knows what to tell become the GraphQLError
 * that graphql-js makes of each. That was a tenth of 25 tickets that cannot be had.
 */
import {
  getLocation,
  locatedError,
  responsePathAsArray,
  type FieldNode,
  type GraphQLError,
  type GraphQLResolveInfo,
  type SourceLocation,
} from 'graphql';

/** Where a value stands in the answer. */
export type Path = GraphQLResolveInfo['path'];

/** What was thrown, and by which field; a GraphQLError that has a path may have come up from below. */
export interface FieldError {
  readonly error: unknown;
  readonly nodes: readonly FieldNode[];
  /** Undefined for the whole answer. */
  readonly path: Path | undefined;
}

/** Where an error stands, as clients are told. */
export interface Place {
  readonly locations: readonly SourceLocation[];
  readonly path: readonly (string | number)[];
}

export function toPlace({ nodes, path }: FieldError): Place {
  return { locations: locationsOf(nodes), path: responsePathAsArray(path) };
}

let last: { readonly nodes: readonly FieldNode[]; readonly locations: readonly SourceLocation[] } | undefined;

/** The errors of an answer are mostly those of one field. */
function locationsOf(nodes: readonly FieldNode[]): readonly SourceLocation[] {
  if (last?.nodes === nodes) return last.locations;
  const locations = nodes.flatMap(({ loc }) => (loc ? [getLocation(loc.source, loc.start)] : []));
  last = { nodes, locations };
  return locations;
}

/** As graphql-js would. An error keeps the stack that it has: another one would be thrown away, and takes longer. */
export function toGraphQLError({ error, nodes, path }: FieldError): GraphQLError {
  if (!(error instanceof Error)) return locatedError(error, nodes, responsePathAsArray(path));
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return locatedError(error, nodes, responsePathAsArray(path));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
