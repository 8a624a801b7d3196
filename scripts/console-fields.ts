/**
 * Generates the console's vendor-specific fields from the SDL: the fragment that selects them, and the table that
 * describes them. The console's own source names no vendor, so a new vendor needs no change there.
 *
 *   node scripts/console-fields.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  getNamedType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isRequiredArgument,
  isUnionType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { loadTypeDefs } from '../schema/index.ts';
import { buildSchema } from '../server/server.ts';

const FOLDER = join(import.meta.dirname, '../console/src/__generated__');

type Field = GraphQLField<unknown, unknown>;

function main(isCheck: boolean): void {
  const schema = buildSchema(loadTypeDefs());
  const tickets = membersOf(schema, 'Ticket').map((type) => ({ name: type.name, fields: ownFields(schema, type) }));
  const files = {
    'vendor-fields.graphql': printFragment(tickets),
    'vendor-fields.ts': printTable(tickets) + printVendors(schema),
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(FOLDER, name);
    if (!isCheck) writeFileSync(path, text);
    else if (readIfExists(path) !== text) {
      console.error(`${path} is stale: run npm run codegen.`);
      process.exitCode = 1;
    }
  }
}

interface TicketType {
  readonly name: string;
  readonly fields: readonly Field[];
}

function membersOf(schema: GraphQLSchema, name: string): readonly GraphQLObjectType[] {
  const type = schema.getType(name);
  return isUnionType(type) ? type.getTypes() : [];
}

/** Fields that only this type has, and that can be shown without arguments or subselections. */
function ownFields(schema: GraphQLSchema, type: GraphQLObjectType): readonly Field[] {
  const common = schema.getType('TicketFields');
  const taken = new Set(isInterfaceType(common) ? Object.keys(common.getFields()) : []);
  return Object.values(type.getFields()).filter(
    (field) => !taken.has(field.name) && isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument),
  );
}

function printFragment(tickets: readonly TicketType[]): string {
  const parts = tickets.map(
    ({ name, fields }) => `  ... on ${name} {\n${fields.map((field) => `    ${field.name}\n`).join('')}  }\n`,
  );
  return `# Written by \`npm run codegen\`: the fields that only one vendor's tickets have.\nfragment VendorFields on Ticket {\n${parts.join('')}}\n`;
}

function printTable(tickets: readonly TicketType[]): string {
  const entries = tickets.map(({ name, fields }) => [
    name,
    fields.map((field) => ({
      name: field.name,
      type: getNamedType(field.type).name,
      isEnum: isEnumType(getNamedType(field.type)),
      about: (field.description ?? '').replace(/\s+/g, ' ').replaceAll('`', ''),
    })),
  ]);
  return `/* Written by \`npm run codegen\`. */

export interface VendorField {
  readonly name: string;
  /** Named type in the SDL, without list and non-null. */
  readonly type: string;
  /** Whether its type is an enum. */
  readonly isEnum: boolean;
  readonly about: string;
}

/** By ticket type: its own fields, in the order of the SDL. */
export const VENDOR_FIELDS: Readonly<Record<string, readonly VendorField[]>> = ${JSON.stringify(Object.fromEntries(entries), null, 2)};
`;
}

/** Prints the list that the console validates vendor names in its URL against. */
function printVendors(schema: GraphQLSchema): string {
  const type = schema.getType('Vendor');
  const names = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  return `
/** All vendors in the SDL. */
export const VENDORS = ${JSON.stringify(names)} as const;
`;
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

main(process.argv.includes('--check'));
