/** Tells replicas of each other's writes, so that none answers from memory what another has changed. */
export interface InvalidationBus {
  /** Whether the writes of others would be heard of now. */
  readonly isListening: boolean;
  /** Resolves when the others have been told as far as that is in our hands; never fails. */
  announce(vendorKey: string): Promise<void>;
  /** @param heard given the vendor that was written to; undefined where anything may have been missed */
  listen(heard: (vendorKey: string | undefined) => void): void;
  close(): Promise<void>;
}

/** Where there are no other replicas to hear of. */
export const NO_PEERS: InvalidationBus = {
  isListening: true,
  announce: async () => undefined,
  listen: () => undefined,
  close: async () => undefined,
};
