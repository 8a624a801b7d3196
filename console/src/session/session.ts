/** Who asks: an API key or a token, kept for this tab only, and whether the endpoint has asked for one. */
import { useSyncExternalStore } from 'react';

export interface Credential {
  readonly kind: 'key' | 'token';
  readonly value: string;
}

export interface Session {
  readonly credential: Credential | undefined;
  /** The endpoint has refused the last request for want of a credential that it knows. */
  readonly isAsked: boolean;
  /** Goes up when somebody signs out: nothing of the page is left to the next. */
  readonly turn: number;
}

const KEY = 'ticketgraph.credential';

/**
 * Names the caller in this tab's storage. A renewed token of the same subject is the same caller; a credential without a
 * subject is named by its checksum.
 */
export function currentOwner(): string {
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

/** FNV-1a. `crypto.subtle` is missing in a page over plain http. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}

let session: Session = { credential: readCredential(), isAsked: false, turn: 0 };
const listeners = new Set<() => void>();

function readCredential(): Credential | undefined {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return undefined;
  const { kind, value } = JSON.parse(text) as Credential;
  return { kind, value };
}

function change(next: Session): void {
  session = next;
  for (const tell of listeners) tell();
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The endpoint wants to know who asks. */
export function askToSignIn(): void {
  if (!session.isAsked) change({ ...session, isAsked: true });
}

export function signIn(credential: Credential): void {
  sessionStorage.setItem(KEY, JSON.stringify(credential));
  change({ ...session, credential, isAsked: false });
}

/** Forgets the credential; the next request shows whether one is needed. */
export function signOut(): void {
  sessionStorage.removeItem(KEY);
  change({ credential: undefined, isAsked: false, turn: session.turn + 1 });
}

export function credentialHeaders(): Readonly<Record<string, string>> {
  const { credential } = session;
  if (!credential) return {};
  return credential.kind === 'key'
    ? { 'x-api-key': credential.value }
    : { authorization: `Bearer ${credential.value}` };
}
