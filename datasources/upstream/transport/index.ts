/** The three transports to one upstream: reads, writes, and sign-ins. */
import { createLazyTransport } from './lazy.ts';
import { createLearningTransport, type TransportNeeds } from './learning.ts';
import { createRenewingTransports } from './renewing.ts';
import type { TlsSource } from './tls.ts';
import type { TransportOptions, Transports } from './transport.ts';

export type { Transports } from './transport.ts';

/**
 * Milliseconds after which an idle connection is not reused for a write. Servers close idle connections after 5 s or more,
 * and a write on a connection that is being closed may or may not have been carried out.
 */
const IDLE_BEFORE_WRITE_MS = 2_000;

/**
 * @param source omit for the defaults of Node
 * @param onInterimResponse called when the vendor turns out to need node:http
 */
export function createTransports(
  options: Omit<TransportOptions, 'tls'>,
  source: TlsSource | undefined,
  onInterimResponse: () => void,
): Transports {
  const needs = { needsNode: false };
  if (!source) return openTransports(options, needs, onInterimResponse);
  return createRenewingTransports(source, (tls) => openTransports({ ...options, tls }, needs, onInterimResponse));
}

function openTransports(options: TransportOptions, needs: TransportNeeds, onInterimResponse: () => void): Transports {
  const learning = { ...options, needs, onInterimResponse };
  const reads = createLearningTransport({ ...learning, canResend: true });
  const writes = createLearningTransport({ ...learning, canResend: false, idleMs: IDLE_BEFORE_WRITE_MS });
  const signIns = createLazyTransport(async () => (await import('./got.ts')).createGotTransport(options));
  return {
    reads,
    writes,
    signIns,
    async close() {
      await Promise.all([reads.close(), writes.close(), signIns.close()]);
    },
  };
}
