/** Publishes writes to other replicas and workers, so that none answers from a stale cache. */
export interface InvalidationBus {
  /** Whether writes of other replicas are received. */
  readonly isListening: boolean;
  /** Publishes a write. Resolves when it was published, or could not be in time; never rejects. */
  announce(sourceKey: string): Promise<void>;
  /** @param onWrite called with the source's key, or with `undefined` if messages may have been missed */
  listen(onWrite: (sourceKey: string | undefined) => void): void;
  close(): Promise<void>;
}

/** For a single replica. */
export const NO_PEERS: InvalidationBus = {
  isListening: true,
  announce: async () => undefined,
  listen: () => undefined,
  close: async () => undefined,
};
