/** The user's credential, an API key or token stored in this tab only, and whether sign-in is required. */
import { useSyncExternalStore } from 'react';
import { createListeners } from '../listeners.ts';

export interface Credential {
  readonly kind: 'key' | 'token';
  readonly value: string;
}

export interface Session {
  readonly credential: Credential | undefined;
  /** Whether the endpoint rejected the last request as unauthenticated. */
  readonly isSignInRequired: boolean;
  /** Used as React key, so that signing out discards all component state. */
  readonly signOutCount: number;
}

const KEY = 'ticketgraph.credential';

/**
 * Identifies the caller in this tab's storage: by issuer and subject of a token, which a renewed token keeps, or by the
 * credential's checksum.
 */
export function currentCaller(): string {
  const { credential } = session;
  if (!credential) return 'anonymous';
  return `${credential.kind}-${checksum(subjectOf(credential) ?? credential.value)}`;
}

function subjectOf({ kind, value }: Credential): string | undefined {
  if (kind !== 'token') return undefined;
  try {
    const payload = value.split('.')[1] ?? '';
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>;
    const { iss, sub } = claims;
    return typeof sub === 'string' ? JSON.stringify([iss, sub]) : undefined;
  } catch {
    return undefined;
  }
}

/** FNV-1a. `crypto.subtle` is only available in secure contexts. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}

let session: Session = { credential: readCredential(), isSignInRequired: false, signOutCount: 0 };
const listeners = createListeners();

function readCredential(): Credential | undefined {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return undefined;
  const { kind, value } = JSON.parse(text) as Credential;
  return { kind, value };
}

function change(next: Session): void {
  session = next;
  listeners.notify();
}

export function useSession(): Session {
  return useSyncExternalStore(listeners.subscribe, () => session);
}

/** Calls the listener after each change of the session. Returns a function that removes it. */
export const subscribeSession = listeners.subscribe;

/** Called when the endpoint rejects a request as unauthenticated. */
export function requireSignIn(): void {
  if (!session.isSignInRequired) change({ ...session, isSignInRequired: true });
}

export function signIn(credential: Credential): void {
  sessionStorage.setItem(KEY, JSON.stringify(credential));
  change({ ...session, credential, isSignInRequired: false });
}

/** Removes the credential. The next request shows whether one is required. */
export function signOut(): void {
  sessionStorage.removeItem(KEY);
  change({ credential: undefined, isSignInRequired: false, signOutCount: session.signOutCount + 1 });
}

export function credentialHeaders(): Readonly<Record<string, string>> {
  const { credential } = session;
  if (!credential) return {};
  return credential.kind === 'key'
    ? { 'x-api-key': credential.value }
    : { authorization: `Bearer ${credential.value}` };
}
