/** Values that survive a reload of the page: kept in this tab alone, and apart for each caller. */

/** Reads and writes one value. What cannot be stored, e.g. because the storage is full, lasts as long as the page. */
export interface Stored<Value> {
  read(owner: string): Value | undefined;
  write(owner: string, value: Value | undefined): void;
}

export function createStored<Value>(name: string): Stored<Value> {
  const keyOf = (owner: string): string => `ticketgraph.${name}.${owner}`;
  const memory = new Map<string, Value | undefined>();
  return {
    read(owner) {
      if (!memory.has(owner)) memory.set(owner, readJson(keyOf(owner)) as Value | undefined);
      return memory.get(owner);
    },
    write(owner, value) {
      memory.set(owner, value);
      try {
        if (value === undefined) sessionStorage.removeItem(keyOf(owner));
        else sessionStorage.setItem(keyOf(owner), JSON.stringify(value));
      } catch {
        // Full or forbidden: the page goes on without.
      }
    },
  };
}

function readJson(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
