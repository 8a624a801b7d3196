/**
 * Writes docs/reference.md from the descriptions in the SDL. With `--check`, writes nothing and fails if the file is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  astFromValue,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  specifiedScalarTypes,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { loadTypeDefs } from '../schema/index.ts';
import { buildSchema } from '../server/server.ts';

const FILE = join(import.meta.dirname, '../docs/reference.md');

const HEAD = `# Reference

Every query, mutation, type, input and enum of the endpoint, with its description in the schema. \`npm run docs:reference\` generates this page from the SDL in \`schema/\`; do not edit it. A \`!\` after a type means that it is never null, or that the input is required.
`;

/** Renders the page of a schema. */
function toReference(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap())
    .filter(
      (type) =>
        !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !/__|^_|^(Query|Mutation)$/.test(type.name),
    )
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const section = (title: string, isOne: (type: GraphQLNamedType) => boolean): string =>
    [`## ${title}`, ...types.filter(isOne).map((type) => toSection(type, schema))].join('\n\n');
  return (
    [
      HEAD.trim(),
      ['## Queries', ...rootFields(schema.getQueryType()!)].join('\n\n'),
      ['## Mutations', ...rootFields(schema.getMutationType()!)].join('\n\n'),
      section('Interfaces', isInterfaceType),
      section('Unions', isUnionType),
      section('Objects', isObjectType),
      section('Inputs', isInputObjectType),
      section('Enums', isEnumType),
      section('Scalars', isScalarType),
    ].join('\n\n') + '\n'
  );
}

function rootFields(type: GraphQLObjectType): string[] {
  const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
  return fields.map((field) => {
    const head = `### ${type.name}.${field.name}\n\n\`${field.name}\` returns ${toLink(field.type)}. ${inOneLine(field.description)}`;
    return field.args.length === 0 ? head : `${head}\n\n${toTable('argument', field.args)}`;
  });
}

function toSection(type: GraphQLNamedType, schema: GraphQLSchema): string {
  const head = `### ${type.name}\n\n${inOneLine(type.description)}`;
  if (isUnionType(type)) return `${head}\n\nOne of ${listOf(type.getTypes())}.`;
  if (isEnumType(type)) {
    const rows = type.getValues().map(({ name, description }) => `| \`${name}\` | ${inCell(description)} |`);
    return `${head}\n\n| value | |\n|---|---|\n${rows.join('\n')}`;
  }
  if (isInputObjectType(type)) {
    const rule = type.isOneOf ? '\n\nExactly one of these is given.' : '';
    return `${head}${rule}\n\n${toTable('field', Object.values(type.getFields()))}`;
  }
  if (isScalarType(type)) return head;
  const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
  return `${head}${describeInterfaces(type, schema)}\n\n${toTable('field', fields)}`;
}

/** Lists the interfaces of an object, or the types that implement an interface. */
function describeInterfaces(type: GraphQLNamedType, schema: GraphQLSchema): string {
  if (isInterfaceType(type)) {
    const { objects } = schema.getImplementations(type);
    return objects.length === 0 ? '' : `\n\nImplemented by ${listOf(objects)}.`;
  }
  const interfaces = isObjectType(type) ? type.getInterfaces() : [];
  return interfaces.length === 0 ? '' : `\n\nImplements ${listOf(interfaces)}.`;
}

type Member = GraphQLArgument | GraphQLInputField | GraphQLField<unknown, unknown>;

function toTable(what: string, members: readonly Member[]): string {
  const rows = members.map(
    (member) => `| \`${member.name}\` | ${toLink(member.type)}${toDefault(member)} | ${inCell(describe(member))} |`,
  );
  return `| ${what} | type | |\n|---|---|---|\n${rows.join('\n')}`;
}

function describe(member: Member): string {
  const args = 'args' in member ? member.args : [];
  const argumentTexts = args.map(
    (argument) => `\`${argument.name}: ${String(argument.type)}\` ${argument.description ?? ''}`,
  );
  const deprecation = member.deprecationReason ? [`**Deprecated:** ${member.deprecationReason}`] : [];
  return [...deprecation, member.description ?? '', ...argumentTexts].join(' ');
}

function toDefault(member: Member): string {
  if (!('defaultValue' in member) || member.defaultValue === undefined) return '';
  const ast = astFromValue(member.defaultValue, member.type);
  return ast ? ` = \`${print(ast)}\`` : '';
}

/** Built-in scalars have no section on the page. */
const BUILT_IN_SCALARS = new Set(specifiedScalarTypes.map(({ name }) => name));

/** Renders a type with a link to its section. */
function toLink(type: { toString(): string }): string {
  const escaped = String(type).replaceAll(/[[\]]/g, '\\$&');
  return escaped.replace(/\w+/, (name) => (BUILT_IN_SCALARS.has(name) ? name : `[${name}](#${name.toLowerCase()})`));
}

function listOf(types: readonly { toString(): string }[]): string {
  return types.map((type) => toLink(type)).join(', ');
}

function inOneLine(description: string | null | undefined): string {
  return (description ?? '').replaceAll(/\s+/g, ' ').trim();
}

function inCell(description: string | null | undefined): string {
  return inOneLine(description).replaceAll('|', '\\|');
}

const text = toReference(buildSchema(loadTypeDefs()));
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('docs/reference.md is stale. Run npm run docs:reference.');
  process.exitCode = 1;
}
