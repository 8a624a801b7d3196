/** Streams through a real nginx with the configuration of `docs/live.md`. */
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { replaceLive, type FakeLive } from '../../support/live.ts';
import { startNginx, whyNoNginx } from '../../support/nginx.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';
import { openStream, SSE, type Reading } from '../../support/stream.ts';
import { until } from '../../support/until.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../../docs/live.md'), 'utf8');
const [, DOCUMENTED = ''] = /```nginx\n([^]*?)```/.exec(DOCUMENT) ?? [];
const MULTIPART = 'multipart/mixed;subscriptionSpec=1.0';
const BODY = {
  query: 'subscription ($ids: [ID!]) { ticketChanged(ids: $ids) { cursor } }',
  variables: { ids: ['omnidesk:858462'] },
};

const hasOpen = (live: FakeLive, count: number): Promise<void> => until(() => expect(live.open).toBe(count));

async function start(environment: Record<string, string> = {}): Promise<[TestServer, FakeLive]> {
  const server = await startTestServer({ keys: ['omnidesk'], environment });
  return [server, replaceLive(server.sources)];
}

const configure = (server: TestServer): string =>
  DOCUMENTED.replace('http://127.0.0.1:4000', new URL(server.url).origin);

describe.skipIf(whyNoNginx)(whyNoNginx ?? 'nginx as documented', () => {
  test.each([SSE, MULTIPART])('hands each event on before the next one is made: %s', async (accept) => {
    const [server, live] = await start();
    const { url } = await startNginx(configure(server));
    const reading = await openStream(url, { accept, body: BODY });
    await hasOpen(live, 1);
    for (const cursor of ['first', 'second', 'third']) {
      live.push({ cursor });
      await reading.until((text) => text.includes(cursor));
    }
    reading.response.destroy();
    await hasOpen(live, 0);
  });

  test('keeps an idle stream open while heartbeats are more frequent than its timeout, and cuts others', async () => {
    const [frequent] = await start({ STREAM_HEARTBEAT_MS: '100' });
    const [rare] = await start({ STREAM_HEARTBEAT_MS: '60000' });
    const open = async (server: TestServer): Promise<Reading> => {
      const configured = configure(server);
      expect(configured).toContain('proxy_read_timeout 60s');
      const { url } = await startNginx(configured.replace('proxy_read_timeout 60s', 'proxy_read_timeout 1s'));
      return openStream(url, { accept: SSE, body: BODY });
    };
    const [kept, cut] = await Promise.all([open(frequent), open(rare)]);
    await cut.ended();
    await kept.until((text) => text.length > ':\n\n'.length * 20);
    expect(kept.isOver).toBe(false);
  });

  test('carries more than six streams over one HTTP/2 connection', async () => {
    const [server, live] = await start();
    const { http2Url } = await startNginx(configure(server));
    const session = connectHttp2(http2Url);
    onTestFinished(() => session.destroy());
    const texts = Array.from({ length: 20 }, () => '');
    for (const index of texts.keys()) {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/graphql',
        'content-type': 'application/json',
        accept: SSE,
      });
      stream.setEncoding('utf8').on('data', (chunk: string) => (texts[index] = `${texts[index]}${chunk}`));
      stream.on('error', () => undefined);
      stream.end(JSON.stringify(BODY));
    }
    await hasOpen(live, 20);
    live.push({ cursor: 'for-all' });
    await until(() => expect(texts.filter((text) => text.includes('for-all'))).toHaveLength(20));
    session.destroy();
    await hasOpen(live, 0);
  });
});
