/** Transports whose TLS options change. */
import { expect, test } from 'vitest';
import type { UpstreamAnswer } from '../../../datasources/contract.ts';
import { NEVER_ABORTS } from '../../../datasources/upstream/request-lifetime.ts';
import type { WireRequest } from '../../../datasources/upstream/sign-request.ts';
import type { Transports } from '../../../datasources/upstream/transport/index.ts';
import { createRenewingTransports } from '../../../datasources/upstream/transport/renewing.ts';
import type { TlsOptions, TlsSource } from '../../../datasources/upstream/transport/tls.ts';

const REQUEST: WireRequest = { method: 'GET', target: '/', headers: {}, body: undefined, secrets: [] };
const OK: UpstreamAnswer = { status: 200, headers: {}, text: '' };

/** Records what is sent and closed, by the certificate in use. */
function start() {
  const sent: string[] = [];
  const closed: string[] = [];
  const answers: (() => void)[] = [];
  let current: TlsOptions = { cert: 'first' };
  const source: TlsSource = {
    get current() {
      return current;
    },
    refresh: async () => undefined,
  };
  const open = ({ cert = '' }: TlsOptions): Transports => {
    const send = (): Promise<UpstreamAnswer> => {
      sent.push(cert);
      return new Promise((resolve) => answers.push(() => resolve(OK)));
    };
    const transport = { send, close: async () => undefined };
    return { reads: transport, writes: transport, signIns: transport, close: async () => void closed.push(cert) };
  };
  const rotate = (cert: string): void => void (current = { cert });
  return { transports: createRenewingTransports(source, open), sent, closed, answers, rotate };
}

test('a request in flight keeps its connection, and later ones use the new certificate', async () => {
  const { transports, sent, closed, answers, rotate } = start();
  const write = transports.writes.send(REQUEST, NEVER_ABORTS);
  rotate('second');
  const read = transports.reads.send(REQUEST, NEVER_ABORTS);
  expect(sent).toEqual(['first', 'second']);
  expect(closed).toEqual([]);
  answers[0]!();
  expect(await write).toBe(OK);
  expect(closed).toEqual(['first']);
  answers[1]!();
  expect(await read).toBe(OK);
  expect(closed).toEqual(['first']);
  await transports.close();
  expect(closed).toEqual(['first', 'second']);
});

test('an idle connection is closed as soon as the certificate is replaced', () => {
  const { transports, closed, rotate } = start();
  rotate('second');
  void transports.signIns.send(REQUEST, NEVER_ABORTS);
  expect(closed).toEqual(['first']);
});

test('closing ends former connections as well', async () => {
  const { transports, closed, rotate } = start();
  void transports.writes.send(REQUEST, NEVER_ABORTS);
  rotate('second');
  void transports.reads.send(REQUEST, NEVER_ABORTS);
  await transports.close();
  expect(closed.toSorted()).toEqual(['first', 'second']);
});
