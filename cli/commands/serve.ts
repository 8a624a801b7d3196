/** `ticketgraph serve`: runs `main.ts` like `npm start`, in this process, so that signals reach it. */

export interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
}

export async function serve({ port, host }: ServeOptions): Promise<void> {
  if (port !== undefined) process.env['PORT'] = String(port);
  if (host !== undefined) process.env['HOST'] = host;
  await import('../../main.ts');
}
