/** Whether one request should be attempted again after a 401. The vendor has not carried it out. */
import type { AuthHeaders, Authenticator, UpstreamAnswer } from '../contract.ts';

/** Most attempts with credentials that answers have brought, before a new sign-in is tried. */
const MAX_REPLAYS = 3;

export interface RenewalContext {
  /** Another one once a secret has changed. */
  readonly signIn: Authenticator;
  /** Reads secrets from their files again, which may replace `signIn`. Omit if it can never be replaced. */
  readonly readSecretsAgain?: (() => void) | undefined;
  /** Sends calls one at a time for a while. */
  narrow(): void;
}

export class Renewals {
  readonly #context: RenewalContext;
  /** A rejected credential is renewed once. */
  #hasRenewed = false;
  #replays = 0;

  constructor(context: RenewalContext) {
    this.#context = context;
  }

  /**
   * Returns whether signing again yields another credential. It may have been renewed for this.
   *
   * @param signIn what the request was signed with
   */
  canSignAgain(signIn: Authenticator, auth: AuthHeaders, answer: UpstreamAnswer): boolean {
    // Before a renewal, which would send the old secret again.
    if (this.hasNewSecret(signIn)) return this.#renewOnce();
    // Each answer invalidates the credential of all concurrent calls, so only one at a time can succeed.
    if (signIn.replacedBy?.(auth) === 'adopted') this.#context.narrow();
    else signIn.adopt?.(auth, answer);
    const replacement = signIn.replacedBy?.(auth);
    if (replacement === 'adopted' && this.#replays < MAX_REPLAYS) {
      this.#replays += 1;
      return true;
    }
    if (!this.#renewOnce()) return false;
    return replacement === 'obtained' || (signIn.invalidate?.(auth) ?? false);
  }

  /** Returns whether a secret has changed since `signIn` was current. */
  hasNewSecret(signIn: Authenticator): boolean {
    if (signIn === this.#context.signIn) this.#context.readSecretsAgain?.();
    return signIn !== this.#context.signIn;
  }

  #renewOnce(): boolean {
    if (this.#hasRenewed) return false;
    return (this.#hasRenewed = true);
  }
}
