import {
  GraphQLError,
  getLocation,
  locatedError,
  responsePathAsArray,
  type FieldNode,
  type GraphQLResolveInfo,
  type SourceLocation,
} from 'graphql';

/** Where a value is in the response. */
export type Path = GraphQLResolveInfo['path'];

/** The place of an error as clients get it. */
export interface Place {
  readonly locations: readonly SourceLocation[];
  readonly path: readonly (string | number)[];
}

/**
 * An error with its place in the response. It becomes a GraphQLError only on demand: creating one takes longer than
 * formatting a known failure, and a response may hold an error for each ticket (docs/performance.md#field-errors).
 */
export class FieldError {
  /** As thrown. A GraphQLError with a path if a non-nullable field below failed. */
  readonly cause: unknown;
  readonly #nodes: readonly FieldNode[];
  readonly #path: Path | undefined;

  /** @param path omit for an error of the whole request, which must be a GraphQLError. */
  constructor(cause: unknown, nodes: readonly FieldNode[] = [], path?: Path) {
    this.cause = cause;
    this.#nodes = nodes;
    this.#path = path;
  }

  get place(): Place {
    return { locations: locationsOf(this.#nodes), path: responsePathAsArray(this.#path) };
  }

  /** The error that graphql-js would report, without a stack of its own. */
  toGraphQLError(): GraphQLError {
    if (!this.#path && this.cause instanceof GraphQLError) return this.cause;
    const { stackTraceLimit } = Error;
    if (this.cause instanceof Error) {
      // Reading it formats it; a first read with a limit of 0 would lose it.
      Reflect.get(this.cause, 'stack');
      Error.stackTraceLimit = 0;
    }
    try {
      return locatedError(this.cause, this.#nodes, responsePathAsArray(this.#path));
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

const knownLocations = new WeakMap<readonly FieldNode[], readonly SourceLocation[]>();

function locationsOf(nodes: readonly FieldNode[]): readonly SourceLocation[] {
  const known = knownLocations.get(nodes);
  if (known) return known;
  const locations = nodes.flatMap(({ loc }) => (loc ? [getLocation(loc.source, loc.start)] : []));
  knownLocations.set(nodes, locations);
  return locations;
}
