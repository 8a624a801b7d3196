/**
 * The transport for reads and writes of one upstream: undici's, until the vendor sends an unsolicited `100 Continue`
 * for, which undici takes for an error; from then on the one over node:http.
 *
 * A read that met it is sent once more at once. A write is not: it may have been carried out.
 */
import type { Transport, TransportOptions } from './exchange.ts';
import { createNodeTransport } from './node.ts';
import { createUndiciTransport } from './undici.ts';

/** What is learnt of a vendor, shared by all transports to it. */
export interface Learnt {
  needsNode: boolean;
}

export interface LearningOptions extends TransportOptions {
  /** Whether a request that met an interim answer may be sent once more. */
  readonly sendsAgain: boolean;
  readonly learnt: Learnt;
  /** Called when the vendor is found to need the other transport. */
  learn(): void;
}

export function createLearningTransport(options: LearningOptions): Transport {
  const { sendsAgain, learnt, learn } = options;
  let node: Transport | undefined;
  const useNode = (): Transport => (node ??= createNodeTransport(options));
  const undici = createUndiciTransport({
    ...options,
    metInterim(request, receiver) {
      learnt.needsNode = true;
      learn();
      return sendsAgain ? useNode().exchange(request, receiver) : undefined;
    },
  });
  return {
    exchange: (request, receiver) => (learnt.needsNode ? useNode() : undici).exchange(request, receiver),
    async close() {
      await Promise.all([undici.close(), node?.close()]);
    },
  };
}
