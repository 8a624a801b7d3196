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

function subscribe(listener: () => void): () => void {
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
