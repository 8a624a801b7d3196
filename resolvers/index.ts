/** All resolvers as one map. Those of an interface are inherited by each type that implements it. */
import type { addResolversToSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { ActionInput } from './action-input.ts';
import {
  BulkJob,
  BulkJobConnection,
  BulkPlan,
  BulkPlanSource,
  BulkResult,
  BulkResultConnection,
  BulkSource,
} from './bulk-job.ts';
import { bulkMutations } from './bulk.ts';
import { resolveEntities } from './entity.ts';
import { MutationPayload } from './mutation-payload.ts';
import { createMutation } from './mutation.ts';
import { Query } from './query.ts';
import { DateTime, ID, JSONObject } from './scalars.ts';
import { SourceResult } from './source-result.ts';
import { Subscription } from './subscription.ts';
import { TicketActionFields } from './ticket-action.ts';
import { PlannedRequest } from './planned-request.ts';
import { TicketChange } from './ticket-change.ts';
import { PageInfo, TicketConnection, TicketEdge } from './ticket-connection.ts';
import { TicketResult } from './ticket-result.ts';
import { TicketSource } from './ticket-source.ts';
import { TicketFields } from './ticket.ts';
import { SourceInfo, VendorInfo } from './vendor-info.ts';

type Resolvers = Parameters<typeof addResolversToSchema>[0]['resolvers'];

/** @param schema lists the mutations, so that none has to be named here */
export function createResolvers(schema: GraphQLSchema): Resolvers {
  return {
    DateTime,
    ID,
    JSONObject,
    Query: { ...Query, _entities: resolveEntities },
    Mutation: { ...createMutation(Object.keys(schema.getMutationType()?.getFields() ?? {})), ...bulkMutations },
    ActionInput,
    BulkJob,
    BulkJobConnection,
    BulkPlan,
    BulkPlanSource,
    BulkResult,
    BulkResultConnection,
    BulkSource,
    MutationPayload,
    PageInfo,
    PlannedRequest,
    SourceInfo,
    SourceResult,
    Subscription,
    TicketChange,
    TicketActionFields,
    TicketConnection,
    TicketEdge,
    TicketFields,
    TicketResult,
    TicketSource,
    VendorInfo,
  };
}
