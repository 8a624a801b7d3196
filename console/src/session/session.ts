/** The user's credential, stored in this tab only, and whether sign-in is required. */
import { useSyncExternalStore } from 'react';
import { createListeners } from '../listeners.ts';
import { readClaims } from './claims.ts';

export interface Credential {
  /** `openid`: an access token that the console got from the OpenID provider. */
  readonly kind: 'key' | 'token' | 'openid';
  readonly value: string;
  /** Present with `openid`. */
  readonly grant?: OpenIdGrant;
}

/** What came with an access token from the OpenID provider. */
export interface OpenIdGrant {
  /** From the ID token. */
  readonly subject: string;
  /** From the ID token. `undefined` if it has no name. */
  readonly name: string | undefined;
  /** Granted, separated by spaces. */
  readonly scope: string;
  readonly refreshToken: string | undefined;
  /** When to renew the access token, some time before it expires. Milliseconds since the epoch, by this device's clock. */
  readonly renewAt: number | undefined;
}

export interface Session {
  readonly credential: Credential | undefined;
  /** Whether the endpoint rejected the last request as unauthenticated. */
  readonly isSignInRequired: boolean;
  /** Why the last sign-in at the OpenID provider failed. */
  readonly problem: string | undefined;
  /** Shown instead of the page while it is about to be left, e.g. `Signing out…`. */
  readonly leaving: string | undefined;
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
  // A pasted token and one from the provider are the same caller.
  const kind = credential.kind === 'key' ? 'key' : 'token';
  return `${kind}-${checksum(subjectOf(credential) ?? credential.value)}`;
}

function subjectOf({ kind, value, grant }: Credential): string | undefined {
  if (kind === 'key') return undefined;
  const { iss, sub } = readClaims(value) ?? {};
  if (typeof sub === 'string') return JSON.stringify([iss, sub]);
  return grant?.subject;
}

/** FNV-1a. `crypto.subtle` is only available in secure contexts. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}

let session: Session = {
  credential: readCredential(),
  isSignInRequired: false,
  problem: undefined,
  leaving: undefined,
  signOutCount: 0,
};
const listeners = createListeners();

function readCredential(): Credential | undefined {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return undefined;
  return JSON.parse(text) as Credential;
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

/** Also replaces a renewed credential. */
export function signIn(credential: Credential): void {
  sessionStorage.setItem(KEY, JSON.stringify(credential));
  change({ ...session, credential, isSignInRequired: false, problem: undefined });
}

/** Shows why a sign-in failed, beside the ways to sign in. `undefined` removes it. */
export function setProblem(problem: string | undefined): void {
  change({ ...session, problem });
}

export function setLeaving(leaving: string | undefined): void {
  if (session.leaving !== leaving) change({ ...session, leaving });
}

/** Removes the credential. The next request shows whether one is required. */
export function signOut(): void {
  sessionStorage.removeItem(KEY);
  const signOutCount = session.signOutCount + 1;
  change({ credential: undefined, isSignInRequired: false, problem: undefined, leaving: undefined, signOutCount });
}

export function currentCredential(): Credential | undefined {
  return session.credential;
}

export function credentialHeaders(): Readonly<Record<string, string>> {
  const { credential } = session;
  if (!credential) return {};
  return credential.kind === 'key'
    ? { 'x-api-key': credential.value }
    : { authorization: `Bearer ${credential.value}` };
}
