/** Listens, and explains why an address cannot be listened on by the names of its settings. */
import type { FastifyInstance } from 'fastify';

export interface ListenAddress {
  readonly port: number;
  readonly host: string;
  /** The variables that port and host come from. */
  readonly variables: { readonly port: string; readonly host: string };
}

/** An address that cannot be listened on. The message names the variable to change. */
export class ListenError extends Error {}

/**
 * Returns the URL that clients use.
 *
 * @throws ListenError if the address is in use, not local or not permitted.
 */
export async function listen(http: FastifyInstance, address: ListenAddress): Promise<string> {
  const { port, host } = address;
  try {
    return await http.listen({ port, host });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const message = describe(code, address);
    throw message === undefined ? error : new ListenError(message);
  }
}

function describe(code: string, { port, host, variables }: ListenAddress): string | undefined {
  const { port: PORT, host: HOST } = variables;
  switch (code) {
    case 'EADDRINUSE':
      return `${PORT} ${port} is already in use on ${host} (${code}). Set ${PORT} to a free one, or stop the other process.`;
    case 'EACCES':
      return `${PORT} ${port} needs privileges that this user does not have (${code}). Set ${PORT} to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${HOST} is not a local address (${code}). Set it to one, such as 127.0.0.1, or to 0.0.0.0 for all interfaces.`;
    default:
      return undefined;
  }
}
