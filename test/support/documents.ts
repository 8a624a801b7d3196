/** Generates random documents for any schema, for property tests. */
import type { GeneratorValue } from 'fast-check';
import fc from 'fast-check';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  parse,
  print,
  separateOperations,
  validate,
  visit,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';

export interface Wording {
  /** The operation's declarations of variables. */
  readonly variables: string;
  /** Boolean variables that may be used in @skip and @include. */
  readonly conditions: readonly string[];
  /** Possible arguments by `Type.field`. Fields that are not listed get none. */
  readonly argumentsOf: Readonly<Record<string, readonly string[]>>;
  /** Fields that are never selected. */
  readonly without?: (coordinate: string) => boolean;
}

/** Returns a query, or `undefined` if the generated one is invalid. */
export function makeDocument(
  schema: GraphQLSchema,
  wording: Wording,
  choose: GeneratorValue,
): { readonly text: string; readonly document: DocumentNode } | undefined {
  const upTo = (maximum: number): number => choose(fc.nat, { max: maximum });
  const oneOf = <Value>(values: readonly Value[]): Value => values[upTo(values.length - 1)]!;
  const composites = Object.values(schema.getTypeMap()).filter(
    (type) => isCompositeType(type) && !type.name.startsWith('__') && type.name !== 'Mutation',
  ) as GraphQLCompositeType[];
  const fragments: { readonly name: string; readonly on: string; readonly text: string }[] = [];

  const directives = (): string => {
    if (upTo(4) > 0) return '';
    return ` @${oneOf(['skip', 'include'])}(if: ${oneOf(['true', 'false', ...wording.conditions])})`;
  };

  const conditionsFor = (type: GraphQLCompositeType): GraphQLCompositeType[] => {
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    return composites.filter((other) => {
      const others = isAbstractType(other) ? schema.getPossibleTypes(other) : [other];
      return others.some((one) => possible.includes(one));
    });
  };

  const field = (type: GraphQLCompositeType, depth: number): string => {
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    const usable = fields.filter(({ name, type: of }) => {
      const isDeep = !isLeafType(getNamedType(of)) && depth <= 0;
      return !isDeep && !name.startsWith('_') && !wording.without?.(`${type.name}.${name}`);
    });
    if (usable.length === 0 || upTo(9) === 0) return `${oneOf(['', 'kind: '])}__typename${directives()}`;
    const { name, type: of } = oneOf(usable);
    const given = wording.argumentsOf[`${type.name}.${name}`] ?? [''];
    // Derives aliases from arguments, otherwise hardly any document would be valid.
    const which = upTo(given.length);
    const alias = which === 0 ? '' : `${name}${which}: `;
    const named = getNamedType(of);
    const below = isLeafType(named) ? '' : ` ${selections(named as GraphQLCompositeType, depth - 1)}`;
    return `${alias}${name}${given[Math.max(0, which - 1)]!}${directives()}${below}`;
  };

  const selection = (type: GraphQLCompositeType, depth: number): string => {
    const kind = upTo(9);
    const spreadable = fragments.filter(({ on }) => conditionsFor(type).some(({ name }) => name === on));
    if (kind === 0 && spreadable.length > 0) return `...${oneOf(spreadable).name}${directives()}`;
    if (kind <= 2 || (!isObjectType(type) && kind <= 4)) {
      const other = oneOf(conditionsFor(type));
      return `... on ${other.name}${directives()} ${selections(other, depth - 1)}`;
    }
    if (kind === 3) return `...${directives()} ${selections(type, depth - 1)}`;
    return field(type, depth);
  };

  const selections = (type: GraphQLCompositeType, depth: number): string => {
    const count = depth <= -2 ? 0 : 1 + upTo(3);
    const made = Array.from({ length: count }, () => selection(type, depth));
    return `{ ${made.join(' ') || '__typename'} }`;
  };

  for (let index = upTo(3); index > 0; index -= 1) {
    const on = oneOf(composites);
    fragments.push({ name: `F${index}`, on: on.name, text: selections(on, 1) });
  }
  const root = selections(schema.getQueryType()!, 4);
  const made = [
    `query Q${wording.variables} ${root}`,
    ...fragments.map(({ name, on, text: body }) => `fragment ${name} on ${on} ${body}`),
  ].join('\n');
  const document = withoutUnused(parse(made));
  return validate(schema, document).length === 0 ? { text: print(document), document } : undefined;
}

/** Unused fragments and variables are invalid, so they are removed. */
function withoutUnused(document: DocumentNode): DocumentNode {
  const used = separateOperations(document)['Q']!;
  const names = new Map<string, number>();
  visit(used, { Variable: ({ name }) => void names.set(name.value, (names.get(name.value) ?? 0) + 1) });
  return visit(used, {
    VariableDefinition: ({ variable }) => (names.get(variable.name.value) === 1 ? null : undefined),
  });
}
