/**
 * Derives a method from each generated document: `TicketDocument` becomes `ticket`, which queries the field `ticket` and
 * returns its value. A test ensures that each operation has exactly one root field, of its own name.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { OperationTypeNode, getOperationAST } from 'graphql';
import type * as generated from './__generated__/operations.ts';

type Generated = typeof generated;

/** Subscriptions have no single result: `watch` and `watchBulk` take them. */
type SubscriptionKey = 'TicketChangedDocument' | 'BulkJobChangedDocument';

type DocumentKey = Exclude<Extract<keyof Generated, `${string}Document`>, SubscriptionKey>;

type MethodName<Key extends DocumentKey> = Key extends `${infer Name}Document` ? Uncapitalize<Name> : never;

/** Variables are optional if none is required. */
export type Arguments<Variables, Options> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: Options]
    : [variables: Variables, options?: Options];

type Method<Document, Options> =
  Document extends TypedDocumentNode<infer Data, infer Variables>
    ? (...rest: Arguments<Variables, Options>) => Promise<Data[keyof Data]>
    : never;

export type Operations<Options> = {
  readonly [Key in DocumentKey as MethodName<Key>]: Method<Generated[Key], Options>;
};

type AnyDocument = TypedDocumentNode<object, unknown>;

type AnyRequest = (document: AnyDocument, ...rest: unknown[]) => Promise<object>;

export function bindOperations<Options>(documents: Generated, request: unknown): Operations<Options> {
  const send = request as AnyRequest;
  const methods = Object.entries(documents)
    .filter(([key, document]) => key.endsWith('Document') && !isSubscription(document as AnyDocument))
    .map(([key, document]) => {
      const name = key.charAt(0).toLowerCase() + key.slice(1, -'Document'.length);
      const method = async (...rest: unknown[]): Promise<unknown> => {
        const data = await send(document as AnyDocument, ...rest);
        return (data as Record<string, unknown>)[name];
      };
      return [name, method];
    });
  return Object.fromEntries(methods) as Operations<Options>;
}

function isSubscription(document: AnyDocument): boolean {
  return getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION;
}
