/**
 * Writes docs/reference.md: the schema as a manual, from the SDL's own descriptions. With `--check` it writes nothing and
 * fails where the file is stale.
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

Every query, mutation, type, input and enum of the endpoint, with what the schema says of it. \`npm run docs:reference\` writes this page from the SDL in \`schema/\`; do not edit it. A \`!\` after a type says that it is never null, or that an input must be given.
`;

/** The page for a schema. */
export function toReference(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap())
    .filter(
      (type) =>
        !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !/__|^_|^(Query|Mutation)$/.test(type.name),
    )
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const chapter = (title: string, isOne: (type: GraphQLNamedType) => boolean): string =>
    [`## ${title}`, ...types.filter(isOne).map((type) => toSection(type, schema))].join('\n\n');
  return (
    [
      HEAD.trim(),
      ['## Queries', ...rootFields(schema.getQueryType()!)].join('\n\n'),
      ['## Mutations', ...rootFields(schema.getMutationType()!)].join('\n\n'),
      chapter('Interfaces', isInterfaceType),
      chapter('Unions', isUnionType),
      chapter('Objects', isObjectType),
      chapter('Inputs', isInputObjectType),
      chapter('Enums', isEnumType),
      chapter('Scalars', isScalarType),
    ].join('\n\n') + '\n'
  );
}

function rootFields(type: GraphQLObjectType): string[] {
  const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
  return fields.map((field) => {
    const head = `### ${type.name}.${field.name}\n\n\`${field.name}\` gives ${toLink(field.type)}. ${inOneLine(field.description)}`;
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
  return `${head}${kinship(type, schema)}\n\n${toTable('field', fields)}`;
}

/** What an object is, and what an interface is made for. */
function kinship(type: GraphQLNamedType, schema: GraphQLSchema): string {
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
  const given = args.map((argument) => `\`${argument.name}: ${String(argument.type)}\` ${argument.description ?? ''}`);
  const isOld = member.deprecationReason ? [`**Deprecated:** ${member.deprecationReason}`] : [];
  return [...isOld, member.description ?? '', ...given].join(' ');
}

function toDefault(member: Member): string {
  if (!('defaultValue' in member) || member.defaultValue === undefined) return '';
  const ast = astFromValue(member.defaultValue, member.type);
  return ast ? ` = \`${print(ast)}\`` : '';
}

/** Scalars that GraphQL itself has: they are described nowhere here. */
const PLAIN = new Set(specifiedScalarTypes.map(({ name }) => name));

/** A type as it is written, with its name leading to where it is described. */
function toLink(type: { toString(): string }): string {
  const escaped = String(type).replaceAll(/[[\]]/g, '\\$&');
  return escaped.replace(/\w+/, (name) => (PLAIN.has(name) ? name : `[${name}](#${name.toLowerCase()})`));
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
  console.error('docs/reference.md is stale: npm run docs:reference writes it anew.');
  process.exitCode = 1;
}
