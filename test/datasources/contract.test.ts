/** Every vendor x every exchange: what was sent, field for field, and what was answered. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { startEndpoint } from '../support/endpoint.ts';
import {
  loadExchanges,
  startReplay,
  type ExpectedRequest,
  type NamedExchange,
  type SeenRequest,
} from '../support/exchange.ts';

const DATASOURCES = join(import.meta.dirname, '../..', 'datasources');

describe.each(vendors.map(({ key }) => key))('%s', (key) => {
  const folder = join(DATASOURCES, key, 'exchanges');
  const exchanges = existsSync(folder) ? loadExchanges(folder) : [];

  test('has documented exchanges', () => {
    expect(exchanges.length).toBeGreaterThan(0);
  });

  test.for(exchanges.map((exchange) => [`${exchange.file}: ${exchange.title}`, exchange] as const))(
    '%s',
    async ([, exchange]) => {
      const replay = await startReplay(exchange.exchange);
      onTestFinished(() => replay.close());
      const endpoint = await startEndpoint(toEnvironment(key, exchange, replay.url));
      onTestFinished(() => endpoint.close());

      const answer = await endpoint.ask(exchange.operation.join('\n'), exchange.variables);

      expect(replay.unexpected, 'requests that no exchange expects').toEqual([]);
      expect(replay.unused, 'exchanges that were not asked for').toEqual([]);
      expect(endpoint.defects).toEqual([]);
      for (const { expected, arrived } of replay.seen) {
        const headers = pickHeaders(arrived, expected);
        expect(headers, `headers of ${expected.method} ${expected.target}`).toEqual(expected.headers ?? {});
      }
      expect(answer).toEqual(exchange.answer);
    },
  );
});

function toEnvironment(key: string, exchange: NamedExchange, url: string): Record<string, string> {
  const prefix = key.toUpperCase();
  const own = Object.entries(exchange.settings).map(([name, value]) => [
    `${prefix}_${name}`,
    value.replaceAll('{url}', url),
  ]);
  return { [`${prefix}_URL`]: url, ...(Object.fromEntries(own) as Record<string, string>) };
}

/** The headers that the exchange speaks of, as they arrived; null for one that did not. */
function pickHeaders(seen: SeenRequest, { headers = {} }: ExpectedRequest): Record<string, string | null> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, seen.headers[name.toLowerCase()] ?? null]));
}
