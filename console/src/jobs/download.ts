/** Saves the results of a job as a file. A link would not carry the sign-in, so the page fetches them itself. */
import { describeError } from '../session/errors.ts';
import { freshHeaders, renewRejected } from '../session/renewal.ts';

/**
 * @param path as the server gives it, e.g. `/bulk/jobs/…/results?format=csv`
 * @throws Error with a message for users
 */
export async function saveResults(path: string): Promise<void> {
  const response = await fetchSignedIn(path);
  if (!response.ok) throw new Error(await reasonOf(response));
  const url = URL.createObjectURL(await response.blob().catch(unreachable));
  const link = document.createElement('a');
  link.href = url;
  link.download = nameOf(response);
  link.click();
  // The browser has opened it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Once more with another token, if the first was rejected. */
async function fetchSignedIn(path: string): Promise<Response> {
  const headers = await freshHeaders();
  const response = await fetch(path, { headers }).catch(unreachable);
  if (response.status !== 401 || !(await renewRejected(headers))) return response;
  return fetch(path, { headers: await freshHeaders() }).catch(unreachable);
}

function unreachable(error: unknown): never {
  throw new Error(describeError(error));
}

async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const { errors } = (body ?? {}) as { readonly errors?: readonly { readonly message?: unknown }[] };
  const message = errors?.[0]?.message;
  return typeof message === 'string' ? message : `The server responded with status ${response.status}.`;
}

function nameOf({ headers }: Response): string {
  return /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'results';
}
