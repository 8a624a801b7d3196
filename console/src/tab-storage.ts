/** Values that survive a page reload, stored per tab and per caller. */

/** Reads and writes one value. If the storage is unavailable or full, it is kept in memory. */
export interface TabStorage<Value> {
  read(owner: string): Value | undefined;
  write(owner: string, value: Value | undefined): void;
}

export function createTabStorage<Value>(name: string): TabStorage<Value> {
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
        // Storage is full or disabled: keep the value in memory only.
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
