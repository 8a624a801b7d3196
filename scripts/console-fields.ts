/**
 * Writes what the console knows of each vendor's own ticket, from the SDL: the document that asks for the fields, and
 * the words that show them. The console's own source then names no vendor, and a new one needs no line of it.
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
    else if (readIfThere(path) !== text) {
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

/** Those that not every ticket has, and that can be shown as they are. */
function ownFields(schema: GraphQLSchema, type: GraphQLObjectType): readonly Field[] {
  const every = schema.getType('TicketFields');
  const taken = new Set(isInterfaceType(every) ? Object.keys(every.getFields()) : []);
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
  /** Of the SDL, without list and null. */
  readonly type: string;
  /** Whether its values are words of the SDL. */
  readonly isEnum: boolean;
  readonly about: string;
}

/** Of each type of ticket, the fields that others do not have, in the order of the SDL. */
export const VENDOR_FIELDS: Readonly<Record<string, readonly VendorField[]>> = ${JSON.stringify(Object.fromEntries(entries), null, 2)};
`;
}

/** The address of the console may name any word as a vendor; this list tells which ones exist. */
function printVendors(schema: GraphQLSchema): string {
  const type = schema.getType('Vendor');
  const names = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  return `
/** All vendors of the SDL. */
export const VENDORS = ${JSON.stringify(names)} as const;
`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

main(process.argv.includes('--check'));
