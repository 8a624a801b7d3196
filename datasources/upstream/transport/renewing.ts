/** Transports that are opened again when the TLS options of their source change. Requests in flight are finished first. */
import type { TlsOptions, TlsSource } from './tls.ts';
import type { Transport, Transports } from './transport.ts';

/** Transports with the same TLS options. */
interface Generation {
  readonly tls: TlsOptions;
  readonly transports: Transports;
  /** Requests in flight. */
  active: number;
}

export function createRenewingTransports(source: TlsSource, open: (tls: TlsOptions) => Transports): Transports {
  const start = (tls: TlsOptions): Generation => ({ tls, transports: open(tls), active: 0 });
  let latest = start(source.current);
  const retired = new Set<Generation>();

  const closeIfIdle = (generation: Generation): void => {
    if (generation.active === 0 && retired.delete(generation)) void generation.transports.close();
  };

  const renew = (): Generation => {
    const tls = source.current;
    if (tls !== latest.tls) {
      const former = latest;
      latest = start(tls);
      retired.add(former);
      closeIfIdle(former);
    }
    return latest;
  };

  const relay = (name: 'reads' | 'writes' | 'signIns'): Transport => ({
    async send(request, signal) {
      const generation = renew();
      generation.active += 1;
      try {
        return await generation.transports[name].send(request, signal);
      } finally {
        generation.active -= 1;
        closeIfIdle(generation);
      }
    },
    close: async () => undefined,
  });

  return {
    reads: relay('reads'),
    writes: relay('writes'),
    signIns: relay('signIns'),
    async close() {
      await Promise.all([latest, ...retired].map(({ transports }) => transports.close()));
    },
  };
}
