/** How replicas share the polls: one of them holds a watched group, and polls for all. */

/** What other replicas watch in a group. */
export interface RemoteTargets {
  /** Native ids. */
  readonly ids: readonly string[];
  /** Keys of filters, i.e. the filters as JSON. */
  readonly filters: readonly string[];
}

export interface PeerListener {
  /** Called with what others watch in a group that this process holds. */
  onTargets(group: string, remote: RemoteTargets): void;
  /** Called when this process has begun to hold a group. */
  onHeld(group: string): void;
  /** Called when `isConnected` has changed. */
  onConnection(): void;
}

export interface Peers {
  /** Whether this process polls the group. */
  holds(group: string): boolean;
  /** Whether replicas can share polls at present. */
  readonly isConnected: boolean;
  /** To be called when something is watched in a group, and again when that changes. */
  update(group: string, targets: () => RemoteTargets): void;
  /** To be called when nothing is watched any more. */
  leave(group: string): void;
  /** To be called once. */
  listen(listener: PeerListener): void;
  close(): Promise<void>;
}

/** For a single process. */
export const NO_REPLICAS: Peers = {
  isConnected: true,
  holds: () => true,
  update: () => undefined,
  leave: () => undefined,
  listen: () => undefined,
  close: async () => undefined,
};
