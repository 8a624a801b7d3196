/**
 * Values of components that a new sign-in would discard, since it leaves the page. They are stored in the tab when the page
 * is left for the OpenID provider, and restored once, for the same caller. Forms of tickets have drafts of their own.
 */
import { useEffect, useEffectEvent } from 'react';
import { createTabStorage } from '../tab-storage.ts';
import { currentCaller, subscribeSession } from './session.ts';

type Values = Readonly<Record<string, unknown>>;

const stored = createTabStorage<Values>('kept');
const readers = new Map<string, () => unknown>();
let restored: { readonly owner: string; readonly values: Values } | undefined;

/** Keeps the value when the page is left to sign in. */
export function useKept(name: string, value: unknown): void {
  const read = useEffectEvent(() => value);
  useEffect(() => {
    readers.set(name, () => read());
    return () => {
      readers.delete(name);
    };
  }, [name]);
}

/** Returns the value that was kept before the last sign-in, or `undefined`. */
export function readKept(name: string): unknown {
  return restored?.owner === currentCaller() ? restored.values[name] : undefined;
}

/** Called before the page is left to sign in. */
export function keepValues(): void {
  stored.write(currentCaller(), Object.fromEntries([...readers].map(([name, read]) => [name, read()])));
}

/** Called after a sign-in, before the components are rendered. */
export function restoreValues(): void {
  const owner = currentCaller();
  const values = stored.read(owner);
  stored.write(owner, undefined);
  restored = values && { owner, values };
}

// The next user of this tab starts without them, and so does the same one.
subscribeSession(() => {
  if (restored && restored.owner !== currentCaller()) restored = undefined;
});
