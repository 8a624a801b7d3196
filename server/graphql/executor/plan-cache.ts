/** Plans of recent documents, limited by memory. Evicts the oldest. */
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { planOperation, type OperationPlan } from './plan.ts';

/**
 * Weights of all documents with their plans, and of one. A token weighs 1 and takes about 300 bytes in a document; a
 * planned field takes about four times as much.
 */
const MAX_WEIGHT = 150_000;
const MAX_DOCUMENT_WEIGHT = 60_000;
const FIELD_WEIGHT = 4;

interface Entry {
  readonly plans: Map<string | undefined, OperationPlan | undefined>;
  weight: number;
}

export type FindPlan = (document: DocumentNode, operationName: string | undefined) => OperationPlan | undefined;

/** Returns the plan of an operation, made at its first execution, or `undefined` if it has none. */
export function createPlanCache(schema: GraphQLSchema): FindPlan {
  const entries = new Map<DocumentNode, Entry>();
  let totalWeight = 0;

  const remove = (document: DocumentNode, { weight }: Entry): void => {
    entries.delete(document);
    totalWeight -= weight;
  };
  const addWeight = (document: DocumentNode, weight: number): void => {
    const entry = entries.get(document);
    if (!entry) return;
    entry.weight += weight;
    totalWeight += weight;
    if (entry.weight > MAX_DOCUMENT_WEIGHT) remove(document, entry);
    for (const [oldest, old] of entries) {
      if (totalWeight <= MAX_WEIGHT) return;
      remove(oldest, old);
    }
  };
  const addEntry = (document: DocumentNode): Entry => {
    const entry: Entry = { plans: new Map(), weight: 0 };
    entries.set(document, entry);
    addWeight(document, document.tokenCount ?? MAX_DOCUMENT_WEIGHT);
    return entry;
  };

  return (document, operationName) => {
    const { plans } = entries.get(document) ?? addEntry(document);
    if (!plans.has(operationName)) {
      const onPlanned = (fields: number): void => addWeight(document, fields * FIELD_WEIGHT);
      plans.set(operationName, planOperation(schema, document, operationName, onPlanned));
    }
    return plans.get(operationName);
  };
}
