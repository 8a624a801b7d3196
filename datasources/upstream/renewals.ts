/** Whether one request should be attempted again after a 401. The vendor has not carried it out. */
import type { AuthHeaders, Authenticator, UpstreamAnswer } from '../contract.ts';

/** Most attempts with credentials that answers have brought, before a new sign-in is tried. */
const MAX_REPLAYS = 3;

export interface RenewalContext {
  readonly signIn: Authenticator;
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

  /** Returns whether signing again yields another credential. It may have been renewed for this. */
  canSignAgain(auth: AuthHeaders, answer: UpstreamAnswer): boolean {
    const { signIn } = this.#context;
    // Each answer invalidates the credential of all concurrent calls, so only one at a time can succeed.
    if (signIn.replacedBy?.(auth) === 'adopted') this.#context.narrow();
    else signIn.adopt?.(auth, answer);
    const replacement = signIn.replacedBy?.(auth);
    if (replacement === 'adopted' && this.#replays < MAX_REPLAYS) {
      this.#replays += 1;
      return true;
    }
    if (this.#hasRenewed) return false;
    this.#hasRenewed = true;
    return replacement === 'obtained' || (signIn.invalidate?.(auth) ?? false);
  }
}
