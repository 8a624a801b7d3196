/** The shape: all resolvers as one map. What an interface answers is given to each type that implements it. */
import { Kind, type DocumentNode, type ObjectTypeDefinitionNode, type ObjectTypeExtensionNode } from 'graphql';
import type { GraphQLSchemaModule } from '@apollo/subgraph';
import { ActionInput } from './action-input.ts';
import { resolveEntities } from './entity.ts';
import { MutationPayload } from './mutation-payload.ts';
import { createMutation } from './mutation.ts';
import { Query } from './query.ts';
import { DateTime, ID, JSONObject } from './scalars.ts';
import { TicketActionFields } from './ticket-action.ts';
import { SourceResult } from './source-result.ts';
import { PageInfo, TicketConnection, TicketEdge } from './ticket-connection.ts';
import { TicketResult } from './ticket-result.ts';
import { TicketFields } from './ticket.ts';
import { VendorInfo } from './vendor-info.ts';

/** Resolvers of interfaces, for the types that implement them. */
const INHERITED: Readonly<Record<string, object>> = { TicketFields, TicketActionFields, MutationPayload };

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/** @param typeDefs the whole schema: it says which types there are, so that none has to be named here. */
export function createResolvers(typeDefs: DocumentNode): NonNullable<GraphQLSchemaModule['resolvers']> {
  const objects = typeDefs.definitions.filter(isObject);
  const mutation = objects.filter(({ name }) => name.value === 'Mutation').flatMap(fieldsOf);
  return {
    DateTime,
    ID,
    JSONObject,
    Query: { ...Query, _entities: resolveEntities },
    Mutation: createMutation(mutation),
    ActionInput,
    PageInfo,
    SourceResult,
    TicketConnection,
    TicketEdge,
    TicketResult,
    VendorInfo,
    ...Object.fromEntries(objects.flatMap(inherit)),
  };
}

function isObject(node: DocumentNode['definitions'][number]): node is ObjectNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}

function fieldsOf(node: ObjectNode): string[] {
  return (node.fields ?? []).map(({ name }) => name.value);
}

function inherit(node: ObjectNode): [string, Record<string, unknown>][] {
  const interfaces = (node.interfaces ?? []).flatMap(({ name }) => INHERITED[name.value] ?? []);
  if (interfaces.length === 0) return [];
  const fields = new Set(fieldsOf(node));
  const own = interfaces.flatMap((resolvers) => Object.entries(resolvers).filter(([field]) => fields.has(field)));
  return [[node.name.value, Object.fromEntries(own)]];
}
