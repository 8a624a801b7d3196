/** Answers browsers that open `/graphql`, the address printed at startup: redirects to the explorer, or shows a hint. */
import type { FastifyReply, FastifyRequest } from 'fastify';

const HINT = `This is a GraphQL endpoint. Send an operation by POST, with the content-type application/json:

  {"query": "{ vendors { key } }"}

The explorer for browsers is off (EXPLORER). See / for what else is served here.
`;

/** @param hasExplorer whether `/` is the explorer. */
export function createBrowserAnswer(hasExplorer: boolean) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (!isOpenedInBrowser(request)) {
      done();
      return;
    }
    void reply.headers({ 'cache-control': 'no-store', vary: 'accept' });
    // See Other: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4
    if (hasExplorer) void reply.redirect('/', 303);
    else void reply.code(400).type('text/plain; charset=utf-8').send(HINT);
  };
}

/** Whether it is a GET for HTML without an operation. Browsers send Sec-Fetch-Mode only over HTTPS or to loopback. */
function isOpenedInBrowser({ method, raw, headers }: FastifyRequest): boolean {
  if (method !== 'GET' || !(headers.accept?.includes('text/html') ?? false)) return false;
  if ((headers['sec-fetch-mode'] ?? 'navigate') !== 'navigate') return false;
  const { url = '' } = raw;
  const start = url.indexOf('?');
  const parameters = new URLSearchParams(start < 0 ? '' : url.slice(start));
  return !['query', 'extensions'].some((name) => parameters.has(name));
}
