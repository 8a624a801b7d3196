/**
 * The transport for reads and writes of one upstream: undici, until the vendor sends an unsolicited `100 Continue`, which
 * undici treats as an error. From then on, node:http.
 *
 * A read that was interrupted by it is sent once more. A write is not: the vendor may have carried it out.
 */
import { createLazyTransport } from './lazy.ts';
import type { Transport, TransportOptions } from './transport.ts';
import { createUndiciTransport } from './undici.ts';

/** What is known about a vendor, shared by all transports to it. */
export interface TransportNeeds {
  needsNode: boolean;
}

export interface LearningOptions extends TransportOptions {
  /** Whether a request that was interrupted by an interim response may be sent once more. */
  readonly canResend: boolean;
  readonly needs: TransportNeeds;
  /** Called each time a vendor interrupts undici. */
  onInterimResponse(): void;
}

export function createLearningTransport(options: LearningOptions): Transport {
  const { canResend, needs } = options;
  const node = createLazyTransport(async () => (await import('./node.ts')).createNodeTransport(options));
  const undici = createUndiciTransport({
    ...options,
    onInterimResponse(request, signal) {
      needs.needsNode = true;
      options.onInterimResponse();
      return canResend ? node.send(request, signal) : undefined;
    },
  });
  return {
    send: (request, signal) => (needs.needsNode ? node : undici).send(request, signal),
    async close() {
      await Promise.all([undici.close(), node.close()]);
    },
  };
}
