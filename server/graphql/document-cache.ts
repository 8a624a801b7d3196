/** Documents that Apollo Server has validated, by their text or its hash. Limited by memory; evicts the oldest. */
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

const MAX_DOCUMENTS = 1_000;

/** In characters. Longer documents are not cached. */
const MAX_LENGTH = 20_000;

/** Tokens of all documents. A token takes about 300 bytes in a document. */
const MAX_TOKENS = 150_000;

/** An operation of a valid document, with what has been prepared for executing it again. */
export interface CachedOperation<Prepared> {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  prepared?: Prepared;
}

export interface DocumentCache<Prepared> {
  add(text: string, operationName: string | undefined, cached: CachedOperation<Prepared>): void;
  /** Makes `findText` return the text for its hash. Call it only once Apollo Server has compared the two. */
  addHash(text: string, hash: string): void;
  findText(hash: string): string | undefined;
  find(text: string, operationName: string | undefined): CachedOperation<Prepared> | undefined;
}

interface Entry<Prepared> {
  /** By the `operationName` of requests. */
  readonly operations: Map<string | undefined, CachedOperation<Prepared>>;
  readonly tokens: number;
  hash?: string;
}

export function createDocumentCache<Prepared>(): DocumentCache<Prepared> {
  const entries = new Map<string, Entry<Prepared>>();
  const texts = new Map<string, string>();
  let totalTokens = 0;

  const remove = (text: string, { hash, tokens }: Entry<Prepared>): void => {
    entries.delete(text);
    if (hash !== undefined) texts.delete(hash);
    totalTokens -= tokens;
  };
  const evict = (): void => {
    for (const [oldest, entry] of entries) {
      if (totalTokens <= MAX_TOKENS && entries.size <= MAX_DOCUMENTS) return;
      remove(oldest, entry);
    }
  };

  return {
    add(text, operationName, cached) {
      if (text.length > MAX_LENGTH) return;
      const entry = entries.get(text);
      if (entry) {
        if (!entry.operations.has(operationName)) entry.operations.set(operationName, cached);
        return;
      }
      const tokens = cached.document.tokenCount ?? text.length;
      entries.set(text, { operations: new Map([[operationName, cached]]), tokens });
      totalTokens += tokens;
      evict();
    },
    addHash(text, hash) {
      const entry = entries.get(text);
      if (!entry) return;
      entry.hash = hash;
      texts.set(hash, text);
    },
    findText: (hash) => texts.get(hash),
    find: (text, operationName) => entries.get(text)?.operations.get(operationName),
  };
}
