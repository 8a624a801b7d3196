/**
 * One upstream request with its retries: sign, acquire a slot, send, classify, maybe retry.
 *
 * Sent at most once unless it is proven that the vendor has not carried it out, or the policy allows to repeat it. After a
 * 401, the request is sent once more with a renewed credential. Each attempt is one call for the bulkhead, the circuit
 * breaker and telemetry.
 *
 * Over 300 lines: in parts, the order of these steps could be broken without a sign of it here.
 */
import type {
  AbortSignalLike,
  Authenticator,
  AuthHeaders,
  FailureDetails,
  RequestScope,
  UpstreamAnswer,
  UpstreamRequest,
} from '../contract.ts';
import { ABORTED, abortable } from '../vendor-kit/abort.ts';
import { asFailure, readRetryAfter, type Failure } from '../vendor-kit/failure.ts';
import type { Bulkhead, Slot } from './bulkhead.ts';
import type { CallOutcome, TrackedCall } from './events.ts';
import { withoutSecrets } from './redaction.ts';
import { Renewals, type RenewalContext } from './renewals.ts';
import { toRequestFailure } from './request-failures.ts';
import { NEVER_ABORTS, RequestLifetime } from './request-lifetime.ts';
import type { Pauses } from './retry-after.ts';
import { waitBeforeRetry, type RetryBudget } from './retry-policy.ts';
import { signRequest, type WireRequest } from './sign-request.ts';
import { TransportError, type Transport } from './transport/transport.ts';

/** What became of a request. */
export type Sending =
  /** The vendor answered, with whatever status. */
  | { readonly answer: UpstreamAnswer }
  /** No answer. `wasSent` is false only if it is proven that no byte left. */
  | { readonly failure: Failure; readonly wasSent: boolean };

/** What all requests to one upstream share. */
export interface UpstreamContext extends RenewalContext {
  readonly bulkhead: Bulkhead;
  readonly budget: RetryBudget;
  readonly pauses: Pauses;
  /** Milliseconds for a request with all its attempts, waits and slow bodies. */
  readonly timeoutMs: number;
  /** Telemetry of one call; `undefined` if telemetry is off. */
  track(request: UpstreamRequest, call: RequestScope): TrackedCall | undefined;
  /** Called after each attempt. */
  setReachable(isReachable: boolean): void;
  /** Credentials of the proxy, redacted in answers beside the secrets of the request. */
  readonly proxySecrets: readonly string[];
  /** Describes a connection that could not be established. */
  toUnreachable(error: TransportError): FailureDetails;
}

/** How one kind of request is performed. Reads and writes differ only in this. */
export interface RequestPolicy {
  readonly transport: Transport;
  /** Whether the request goes on when its caller disconnects, once it has been sent. */
  readonly outlivesCaller: boolean;
  /** Awaited once the call has a slot, before the first byte. If it rejects, nothing is sent. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /** Returns the failure that an answer counts as; `undefined` if it is to be returned. */
  toFailure(answer: UpstreamAnswer): Failure | undefined;
  canRetry(error: unknown): boolean;
  /** Called when the request has ended. Its result is given when the returned promise has settled. */
  readonly onEnd?: () => Promise<void> | undefined;
}

/** One attempt that has a slot. */
interface Attempt {
  readonly auth: AuthHeaders;
  readonly slot: Slot;
  readonly tracked: TrackedCall | undefined;
}

export class PendingRequest {
  readonly #upstream: UpstreamContext;
  readonly #policy: RequestPolicy;
  readonly #request: UpstreamRequest;
  readonly #call: RequestScope;
  readonly #lifetime: RequestLifetime;
  /** What `cancelWith` was called with, and what it listens with. */
  #caller: AbortSignalLike | undefined;
  #cancel: (() => void) | undefined;
  #isQueued = false;
  #retries = 0;
  #hasRetryBudget = false;
  #renewals: Renewals | undefined;
  /** What the current attempt was signed with. The upstream has another one once a secret has changed. */
  #signIn: Authenticator;
  #hasSignedInAgain = false;

  /** @param call its signal is ignored: see `cancelWith` and `cancel` */
  constructor(upstream: UpstreamContext, policy: RequestPolicy, request: UpstreamRequest, call: RequestScope) {
    this.#upstream = upstream;
    this.#signIn = upstream.signIn;
    this.#policy = policy;
    this.#request = request;
    // Several callers may wait for the same sign-in.
    this.#call = call.signal === NEVER_ABORTS ? call : { ...call, signal: NEVER_ABORTS };
    this.#lifetime = new RequestLifetime(call, upstream.timeoutMs);
  }

  /**
   * To be called once. Rejects only for unexpected errors.
   *
   * Awaits only what is not there yet: most calls have a credential and a slot at once (docs/performance.md#await-per-call).
   */
  async perform(): Promise<Sending> {
    try {
      for (;;) {
        this.#lifetime.throwIfEnded();
        const signed = this.#sign();
        const auth = signed instanceof Promise ? await signed : signed;
        const acquired = this.#acquireSlot(auth);
        let attempt = acquired instanceof Promise ? await acquired : acquired;
        let wire: WireRequest;
        let received: UpstreamAnswer;
        try {
          if (this.#policy.prepare) await this.#policy.prepare();
          // A secret has changed while the call was queued or prepared.
          if (this.#signIn !== this.#upstream.signIn) attempt = { ...attempt, auth: await this.#authorize() };
          wire = this.#toWire(attempt);
          received = await this.#policy.transport.send(wire, this.#lifetime);
        } catch (error) {
          this.#recordError(attempt, error);
          await this.#waitBeforeRetry(error);
          continue;
        }
        this.#recordAnswer(attempt, received);
        const answer = withoutSecrets(received, wire);
        if (answer.status === 401 && this.#canSignAgain(attempt.auth, answer)) continue;
        const failure = this.#policy.toFailure(answer);
        if (!failure) return { answer };
        await this.#waitBeforeRetry(failure);
      }
    } catch (error) {
      return this.#toSending(error);
    } finally {
      this.#dispose();
      const ended = this.#policy.onEnd?.();
      if (ended) await ended;
    }
  }

  /** Cancels the request when the signal aborts. To be called at most once, before `perform`. */
  cancelWith(signal: AbortSignalLike): void {
    this.#caller = signal;
    signal.addEventListener('abort', (this.#cancel = () => this.cancel()));
  }

  /** Ends the request early, unless its policy is to outlive its caller and it may have been sent. */
  cancel(): void {
    this.#lifetime.cancel();
  }

  /** Whether it waits for a slot among the calls of another caller. */
  isBehindOther(caller: string | undefined): boolean {
    return this.#isQueued && caller !== undefined && caller !== this.#call.caller;
  }

  // ---------------------------------------------------------------- sign

  /** Errors are not retried: a sign-in is a request of its own, with its own retries. */
  #sign(): AuthHeaders | Promise<AuthHeaders> {
    try {
      const auth = this.#authorize();
      return auth instanceof Promise ? auth.catch((error: unknown) => this.#failToSign(error)) : auth;
    } catch (error) {
      return this.#failToSign(error);
    }
  }

  #authorize(): AuthHeaders | Promise<AuthHeaders> {
    this.#signIn = this.#upstream.signIn;
    const auth = this.#signIn.authorize(this.#call);
    return auth instanceof Promise ? this.#waitForSignIn(auth) : auth;
  }

  /** A sign-in that is rejected is repeated once if a secret has changed. */
  async #waitForSignIn(signingIn: Promise<AuthHeaders>): Promise<AuthHeaders> {
    try {
      const auth = await abortable(signingIn, this.#lifetime);
      if (this.#signIn === this.#upstream.signIn) return auth;
    } catch (error) {
      const isRejected = asFailure(error)?.kind === 'unauthenticated';
      if (!isRejected || this.#hasSignedInAgain || !this.#renewal.hasNewSecret(this.#signIn)) throw error;
      this.#hasSignedInAgain = true;
    }
    return this.#authorize();
  }

  #failToSign(error: unknown): never {
    if (error !== ABORTED) this.#track()?.end('rejected_locally', undefined, asFailure(error)?.code);
    throw error;
  }

  // ---------------------------------------------------------------- acquire a slot

  /** Errors are not retried: the caller decides whether to wait that long. */
  #acquireSlot(auth: AuthHeaders): Attempt | Promise<Attempt> {
    const tracked = this.#track();
    try {
      this.#throwIfPaused();
      const slot = this.#upstream.bulkhead.acquire(this.#call.caller, this.#lifetime);
      return slot instanceof Promise ? this.#waitForSlot(slot, auth, tracked) : { auth, slot, tracked };
    } catch (error) {
      tracked?.end(this.#outcomeOfUnsent(error));
      throw error;
    }
  }

  async #waitForSlot(queued: Promise<Slot>, auth: AuthHeaders, tracked: TrackedCall | undefined): Promise<Attempt> {
    let slot: Slot | undefined;
    this.#isQueued = true;
    try {
      slot = await queued;
      // Both may have happened while the call was queued.
      this.#lifetime.throwIfEnded();
      this.#throwIfPaused();
      return { auth: this.#currentAuth(auth), slot, tracked };
    } catch (error) {
      if (slot) this.#upstream.bulkhead.release(slot, 'unknown');
      tracked?.end(this.#outcomeOfUnsent(error));
      throw error;
    } finally {
      this.#isQueued = false;
    }
  }

  /** @throws Failure `rate-limited` while the vendor has asked for a pause. */
  #throwIfPaused(): void {
    const { pauses } = this.#upstream;
    const paused = pauses.isAny ? pauses.reject(this.#pauseKey) : undefined;
    if (paused) throw paused;
  }

  /** Pauses concern one credential: that of the service, or the caller's own. */
  get #pauseKey(): string {
    return this.#upstream.signIn.callerKey?.(this.#call) ?? '';
  }

  /** The credential, or the one that replaced it while the call was queued. */
  #currentAuth(auth: AuthHeaders): AuthHeaders {
    const signIn = this.#signIn;
    if (signIn.replacedBy?.(auth) === undefined) return auth;
    const current = signIn.authorize(this.#call);
    if (!(current instanceof Promise)) return current;
    // Do not wait for a sign-in while holding a slot. If the vendor rejects the old credential, the call is replayed.
    current.catch(() => undefined);
    return auth;
  }

  #outcomeOfUnsent(error: unknown): CallOutcome {
    if (error === ABORTED && this.#lifetime.endedBy === 'cancellation') return 'canceled';
    return asFailure(error)?.kind === 'rate-limited' ? 'paused' : 'rejected_locally';
  }

  // ---------------------------------------------------------------- send

  #toWire({ auth, tracked }: Attempt): WireRequest {
    this.#lifetime.throwIfEnded();
    if (this.#policy.outlivesCaller) this.#lifetime.ignoreCancellation();
    const signed = signRequest(this.#request, auth);
    const { proxySecrets } = this.#upstream;
    const wire = proxySecrets.length === 0 ? signed : { ...signed, secrets: [...signed.secrets, ...proxySecrets] };
    const headers = tracked?.start();
    return headers ? { ...wire, headers: { ...wire.headers, ...headers } } : wire;
  }

  #recordAnswer({ auth, slot, tracked }: Attempt, answer: UpstreamAnswer): void {
    const { bulkhead, pauses } = this.#upstream;
    const { status } = answer;
    if (status === 429 || status === 503) {
      pauses.begin(this.#pauseKey, readRetryAfter(answer) ?? 0);
    }
    bulkhead.release(slot, status >= 500 ? 'failed' : 'answered');
    this.#upstream.setReachable(true);
    tracked?.end(outcomeOfStatus(status), status);
    if (status !== 401) this.#signIn.adopt?.(auth, answer);
  }

  #recordError({ slot, tracked }: Attempt, error: unknown): void {
    const { bulkhead } = this.#upstream;
    if (!(error instanceof TransportError)) {
      // Nothing was sent, so the vendor is not to blame.
      bulkhead.release(slot, 'unknown');
      tracked?.end(this.#outcomeOfUnsent(error));
      return;
    }
    const { reason, code } = error;
    const isCanceled = reason === 'aborted' && this.#lifetime.endedBy === 'cancellation';
    bulkhead.release(slot, isCanceled ? 'unknown' : 'failed');
    if (!isCanceled) this.#upstream.setReachable(reason !== 'no-connection' && reason !== 'aborted');
    tracked?.end(isCanceled ? 'canceled' : reason === 'aborted' ? 'timeout' : 'network_error', undefined, code);
  }

  // ---------------------------------------------------------------- classify

  #canSignAgain(auth: AuthHeaders, answer: UpstreamAnswer): boolean {
    return this.#renewal.canSignAgain(this.#signIn, auth, answer);
  }

  get #renewal(): Renewals {
    return (this.#renewals ??= new Renewals(this.#upstream));
  }

  /** Resolves when it is time for another attempt. @throws `error` if there should be none. */
  async #waitBeforeRetry(error: unknown): Promise<void> {
    const waitMs = this.#retryDelayMs(error);
    if (waitMs === undefined) throw error;
    await delay(waitMs, this.#lifetime);
    if (this.#lifetime.endedBy) throw error;
    this.#retries += 1;
  }

  #retryDelayMs(error: unknown): number | undefined {
    const { bulkhead, budget, toUnreachable } = this.#upstream;
    const { endedBy, leftMs } = this.#lifetime;
    const failure = toRequestFailure(error, endedBy, toUnreachable);
    if (!failure || endedBy || !this.#policy.canRetry(error)) return undefined;
    const waitMs = waitBeforeRetry(failure, this.#retries + 1, leftMs);
    if (waitMs === undefined || bulkhead.state === 'OPEN') return undefined;
    this.#hasRetryBudget ||= budget.take(bulkhead.active);
    return this.#hasRetryBudget ? waitMs : undefined;
  }

  // ---------------------------------------------------------------- details

  #track(): TrackedCall | undefined {
    return this.#upstream.track(this.#request, this.#call);
  }

  #toSending(error: unknown): Sending {
    const failure = toRequestFailure(error, this.#lifetime.endedBy, this.#upstream.toUnreachable);
    if (!failure) throw error;
    return { failure, wasSent: error instanceof TransportError && error.wasSent };
  }

  #dispose(): void {
    this.#lifetime.dispose();
    if (this.#cancel) this.#caller?.removeEventListener('abort', this.#cancel);
    if (this.#hasRetryBudget) this.#upstream.budget.release();
  }
}

function outcomeOfStatus(status: number): CallOutcome {
  if (status >= 500) return 'server_error';
  return status >= 400 ? 'client_error' : 'ok';
}

/** Resolves after that time, or as soon as the lifetime ends. */
function delay(ms: number, signal: AbortSignalLike): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
