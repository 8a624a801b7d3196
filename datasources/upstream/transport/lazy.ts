/** A transport whose module is loaded with the first request, not at startup (docs/performance.md#lazy-imports). */
import { TransportError, type Transport } from './transport.ts';

export function createLazyTransport(load: () => Promise<Transport>): Transport {
  let loading: Promise<Transport> | undefined;
  return {
    async send(request, signal) {
      const transport = await (loading ??= load());
      // A transport expects a signal that is not aborted yet.
      if (signal.aborted) throw new TransportError('aborted', false);
      return transport.send(request, signal);
    },
    async close() {
      await (await loading)?.close();
    },
  };
}
