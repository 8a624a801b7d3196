/**
 * A method for each generated document, derived and not written down: `TicketDocument` becomes `ticket`, which asks for
 * the field `ticket` and gives its value. A test holds each operation to one field of its own name.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type * as generated from './__generated__/operations.ts';

type Generated = typeof generated;

type DocumentKey = Extract<keyof Generated, `${string}Document`>;

type MethodName<Key extends DocumentKey> = Key extends `${infer Name}Document` ? Uncapitalize<Name> : never;

/** Variables may be left out where none is required. */
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

type AnyRequest = (document: TypedDocumentNode<object, unknown>, ...rest: unknown[]) => Promise<object>;

export function bindOperations<Options>(documents: Generated, request: unknown): Operations<Options> {
  const ask = request as AnyRequest;
  const methods = Object.entries(documents)
    .filter(([key]) => key.endsWith('Document'))
    .map(([key, document]) => {
      const name = key.charAt(0).toLowerCase() + key.slice(1, -'Document'.length);
      const method = async (...rest: unknown[]): Promise<unknown> => {
        const data = await ask(document as TypedDocumentNode<object, unknown>, ...rest);
        return (data as Record<string, unknown>)[name];
      };
      return [name, method];
    });
  return Object.fromEntries(methods) as Operations<Options>;
}
