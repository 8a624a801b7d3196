/** Sends GraphQL requests by POST. */

export interface Answer {
  // The shape is the query's; tests compare it whole or pick from it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data?: any;
  readonly errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions?: Record<string, unknown>;
  }[];
}

export interface PostOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param body the request, e.g. `query` and `variables`. */
export async function post(url: string, body: object, { signal, headers }: PostOptions = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  return (await response.json()) as Answer;
}
