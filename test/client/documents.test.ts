/** The client's documents: nothing of the schema is missing in them, and the server takes each of them. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  Kind,
  NoUnusedFragmentsRule,
  isInterfaceType,
  isObjectType,
  isUnionType,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
  visitWithTypeInfo,
  TypeInfo,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import * as client from '../../client/index.ts';
import { DEFAULT_LIMITS, createLimitsRule } from '../../server/graphql/limits.ts';
import { loadTypeDefs } from '../../schema/index.ts';
import { buildSchema } from '../../server/server.ts';

const schema = buildSchema(loadTypeDefs());

/** Of federation, and for routers alone. */
const FOR_ROUTERS = ['_entities', '_service'];

const FOLDER = join(import.meta.dirname, '../../client/documents');
const WRITTEN = parse(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => readFileSync(join(FOLDER, file), 'utf8'))
    .join('\n'),
);

const EXPORTED = Object.entries(client).filter((entry): entry is [string, DocumentNode] =>
  /Doc(ument)?$/.test(entry[0]),
);
const OPERATIONS = EXPORTED.filter(([name]) => name.endsWith('Document'));
const FRAGMENTS = EXPORTED.filter(([name]) => name.endsWith('FragmentDoc'));

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  expect(operations).toHaveLength(1);
  return operations[0]!;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The fields of each type that any document selects. */
const selected = new Map<string, Set<string>>();
const typeInfo = new TypeInfo(schema);
visit(
  WRITTEN,
  visitWithTypeInfo(typeInfo, {
    Field({ name }) {
      const parent = typeInfo.getParentType()!.name;
      selected.set(parent, (selected.get(parent) ?? new Set()).add(name.value));
    },
  }),
);

describe('documents cover the schema', () => {
  const fields = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!].flatMap((type) =>
    Object.keys(type.getFields()),
  );
  const offered = fields.filter((name) => !FOR_ROUTERS.includes(name));

  test.each(offered)('%s has a document of its own name with a single root field', (field) => {
    const document = OPERATIONS.find(([name]) => name === `${capitalized(field)}Document`)?.[1];
    expect(document, `add an operation ${capitalized(field)} to client/documents`).toBeDefined();
    const { name, selectionSet } = operationOf(document!);
    expect(name?.value).toBe(capitalized(field));
    expect(selectionSet.selections).toMatchObject([{ kind: Kind.FIELD, name: { value: field } }]);
  });

  test('no document has a root field that the schema lacks', () => {
    expect(OPERATIONS.map(([name]) => name).toSorted()).toEqual(
      offered.map((field) => `${capitalized(field)}Document`).toSorted(),
    );
  });

  const unions = Object.values(schema.getTypeMap()).filter((type) => isUnionType(type) && type.name !== '_Entity');

  test.each(unions.flatMap((union) => schema.getPossibleTypes(union as never).map(({ name }) => [union.name, name])))(
    'the fragment of the union %s spreads that of %s',
    (union, member) => {
      expect(print(fragmentOf(WRITTEN, `${union}Details`))).toContain(`...${member}Details\n`);
    },
  );

  test('every readable field is selected by some document', () => {
    const asked = (type: string, field: string): boolean => selected.get(type)?.has(field) ?? false;
    const types = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !/^_|^(Query|Mutation|Subscription)$/.test(name));
    const missing = types.flatMap((type) =>
      Object.keys(type.getFields())
        .filter((field) => ![type, ...type.getInterfaces()].some(({ name }) => asked(name, field)))
        .map((field) => `${type.name}.${field}`),
    );
    expect(missing).toEqual([]);
  });

  test('possible types match the schema', () => {
    const abstract = Object.values(schema.getTypeMap()).filter((type) => isUnionType(type) || isInterfaceType(type));
    const expected = abstract
      .filter(({ name }) => !name.startsWith('_'))
      .map((type) => [
        type.name,
        schema
          .getPossibleTypes(type)
          .map(({ name }) => name)
          .toSorted(),
      ]);
    expect(client.possibleTypes).toEqual(Object.fromEntries(expected));
  });
});

describe('the server accepts the documents', () => {
  const rules = [...specifiedRules, createLimitsRule(DEFAULT_LIMITS)];

  test.each(OPERATIONS)('the server accepts the operation %s', (_, document) => {
    expect(validate(schema, document, rules)).toEqual([]);
  });

  test.each(FRAGMENTS)('the server accepts the fragment %s with its spreads', (_, document) => {
    const withoutUse = rules.filter((rule) => rule !== NoUnusedFragmentsRule);
    expect(validate(schema, document, withoutUse)).toEqual([]);
  });

  test.each(EXPORTED)('%s selects __typename of each union and interface', (_, document) => {
    const info = new TypeInfo(schema);
    const blind: string[] = [];
    visit(
      document,
      visitWithTypeInfo(info, {
        Field(node) {
          const type =
            info
              .getType()
              ?.toString()
              .replace(/[[\]!]/g, '') ?? '';
          if (!node.selectionSet || !(type in client.possibleTypes)) return;
          if (!asksForTypename(document, node.selectionSet)) blind.push(node.name.value);
        },
      }),
    );
    expect(blind).toEqual([]);
  });
});

function asksForTypename(document: DocumentNode, { selections }: SelectionSetNode): boolean {
  return selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
    if (selection.kind === Kind.INLINE_FRAGMENT) return asksForTypename(document, selection.selectionSet);
    return asksForTypename(document, fragmentOf(document, selection.name.value).selectionSet);
  });
}

function fragmentOf({ definitions }: DocumentNode, name: string): FragmentDefinitionNode {
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
  }
  throw new TypeError(`There is no fragment ${name}.`);
}
