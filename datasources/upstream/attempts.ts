/**
 * One request with all its tries: from the moment that it is wanted until there is an answer, or neither time for another
 * try nor sense in one. Each try is signed, waits for its turn at the gate, and is exchanged.
 *
 * An object that is told what happens (its turn has come, the vendor answered, its time is up) and no chain of async
 * functions: without the promises between such steps, and with what `signing.ts` and the gate do only once, a call costs
 * 2.5 µs less, which is a twentieth of 25 tickets.
 */
import {
  type RequestScope,
  type FailureDetails,
  type Authenticator,
  type AuthHeaders,
  type AbortSignalLike,
  type UpstreamAnswer,
  type UpstreamRequest,
} from '../contract.ts';
import { Failure, asFailure, readRetryAfter } from '../vendor-kit/failure.ts';
import type { Bulkhead, QueuedCall } from './bulkhead.ts';
import type { CallOutcome, TrackedCall } from './events.ts';
import type { Pauses } from './retry-after.ts';
import { withoutSecrets } from './redaction.ts';
import { waitBeforeRetry, type RetryBudget } from './retry-policy.ts';
import { UNSIGNED, signRequest, type WireRequest } from './sign-request.ts';
import { ABORTED } from '../vendor-kit/abort.ts';
import { UNREACHABLE, obstacleOf } from './transport/causes.ts';
import { BrokenExchange, type ResponseCallbacks, type PendingExchange, type Transport } from './transport/exchange.ts';

/** What all requests to one upstream have in common. */
export interface UpstreamContext {
  readonly signIn: Authenticator;
  readonly bulkhead: Bulkhead;
  readonly budget: RetryBudget;
  readonly pauses: Pauses;
  /** Lets one call at a time through for a while. */
  narrow(): void;
  /** Milliseconds for a request with all its tries, waits and slow bodies. */
  readonly timeoutMs: number;
  /** A try for those who watch; undefined where nobody does. */
  telemetry(request: UpstreamRequest, call: RequestScope): TrackedCall | undefined;
  /** Told after each try whether the vendor could be reached. */
  setReachable(isReachable: boolean): void;
}

/** How one kind of request is tried: reads and writes differ in this and in nothing else. */
export interface RequestPolicy {
  readonly transport: Transport;
  /** Whether what has been sent is waited for, whoever goes. */
  readonly outlivesCaller: boolean;
  /** Awaited once a try has its turn, before anything is sent. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /** Throws for an answer that counts as a failure. */
  accept(answer: UpstreamAnswer): void;
  mayRetry(error: unknown): boolean;
}

/** Told how it ended: one of the two, once. */
export interface AttemptCallbacks {
  onResponse(answer: UpstreamAnswer): void;
  /** @param error a `Failure`, or a defect of ours. @param wasSent whether a byte of the last try may have left. */
  onError(error: unknown, wasSent: boolean): void;
}

/** Most tries of one request with credentials that answers have brought, before a new sign-in is tried. */
const MAX_REPLAYS = 3;

/** Timers may fire up to a millisecond before the time by the other clock. */
const SLACK_MS = 1;

/** Whether nothing is to be begun for it any more: its caller has gone, or its time is up. */
export function isExpired({ signal, deadlineAt }: RequestScope): boolean {
  return signal.aborted || isOver(deadlineAt);
}

/** @param endsAt milliseconds of `performance.now()` */
function isOver(endsAt: number): boolean {
  return performance.now() >= endsAt - SLACK_MS;
}

export class RequestAttempts implements QueuedCall, ResponseCallbacks {
  readonly #way: UpstreamContext;
  readonly #manner: RequestPolicy;
  readonly #request: UpstreamRequest;
  readonly #call: RequestScope;
  readonly #listener: AttemptCallbacks;
  readonly #endsAt: number;
  readonly #timer: NodeJS.Timeout;
  #phase: 'signing' | 'waiting' | 'preparing' | 'sent' | 'pausing' | 'over' = 'signing';
  /** Why there is to be no other try. */
  #stoppedBy: 'time' | 'caller' | undefined;
  /** Whether it ends when its caller goes. */
  #cancelOnDisconnect = true;

  #signature: AuthHeaders = UNSIGNED;
  #isRenewed = false;
  /** Tries after a 401 with a credential that an answer had brought meanwhile. */
  #replays = 0;
  /** The try under way. */
  #watched: TrackedCall | undefined;
  #wire: WireRequest | undefined;
  #exchange: PendingExchange | undefined;

  #retries = 0;
  /** Whether it holds a place in the budget of retries. */
  #hasPlace = false;
  #pause: NodeJS.Timeout | undefined;
  /** Why it pauses. */
  #lastError: unknown;

  /** @param call its signal is not listened to: whoever makes this calls `cancel`. */
  constructor(
    way: UpstreamContext,
    manner: RequestPolicy,
    request: UpstreamRequest,
    call: RequestScope,
    listener: AttemptCallbacks,
  ) {
    const now = performance.now();
    const leftMs = call.deadlineAt - now;
    this.#way = way;
    this.#manner = manner;
    this.#request = request;
    this.#call = call.signal === NEVER_ABORTS ? call : { ...call, signal: NEVER_ABORTS };
    this.#listener = listener;
    this.#endsAt = leftMs < way.timeoutMs ? call.deadlineAt : now + way.timeoutMs;
    // Most have the same number of milliseconds: Node keeps those in one list, and the list where nothing hangs on it.
    this.#timer = setTimeout(onTimeout, Math.ceil(Math.max(0, Math.min(leftMs, way.timeoutMs))), this).unref();
  }

  get caller(): string | undefined {
    return this.#call.caller;
  }

  isBehindOther(caller: string | undefined): boolean {
    return this.#phase === 'waiting' && caller !== undefined && caller !== this.#call.caller;
  }

  start(): this {
    this.#sign();
    return this;
  }

  /** Its caller has gone. What must be waited for all the same is waited for. */
  cancel(): void {
    if (this.#cancelOnDisconnect) this.#stop(isOver(this.#endsAt) ? 'time' : 'caller');
  }

  onTimeout(): void {
    this.#stop('time');
  }

  #stop(by: 'time' | 'caller'): void {
    if (this.#phase === 'over') return;
    this.#stoppedBy ??= by;
    if (this.#phase === 'sent') this.#exchange?.abort();
    else if (this.#phase === 'pausing') this.#fail(this.#lastError);
    else if (this.#phase === 'signing') this.#fail(ABORTED);
    else if (this.#phase === 'waiting' && this.#way.bulkhead.cancel(this)) {
      this.#watched?.end(by === 'caller' ? 'canceled' : 'rejected_locally');
      this.#fail(ABORTED);
    }
  }

  // ---------------------------------------------------------------- one try

  #sign(): void {
    if (this.#stoppedBy) {
      this.#fail(ABORTED);
      return;
    }
    this.#phase = 'signing';
    try {
      const signature = this.#way.signIn.authorize(this.#call);
      if (signature instanceof Promise) {
        signature.then(
          (value) => this.#enter(value),
          (error: unknown) => this.#refuseToSign(error),
        );
      } else {
        this.#enter(signature);
      }
    } catch (error) {
      this.#refuseToSign(error);
    }
  }

  /** It is not tried again: a sign-in has had its tries on its own connection. */
  #refuseToSign(error: unknown): void {
    if (this.#phase !== 'signing') return;
    this.#way.telemetry(this.#request, this.#call)?.end('rejected_locally', undefined, asFailure(error)?.code);
    this.#fail(error);
  }

  #enter(signature: AuthHeaders): void {
    if (this.#phase !== 'signing') return;
    this.#signature = signature;
    this.#phase = 'waiting';
    this.#watched = this.#way.telemetry(this.#request, this.#call);
    const paused = this.#findPause();
    if (paused) this.#reject(paused);
    else this.#way.bulkhead.acquire(this);
  }

  onAcquired(): void {
    // The vendor may have asked for a pause while this call waited for its turn.
    const paused = this.#findPause();
    if (paused) {
      this.#way.bulkhead.release(this, 'unknown');
      this.#reject(paused);
      return;
    }
    this.#refreshSignature();
    const { prepare } = this.#manner;
    if (!prepare) {
      this.#send();
      return;
    }
    this.#phase = 'preparing';
    prepare().then(
      () => this.#prepared(),
      (error: unknown) => this.#cutShort(error),
    );
  }

  onRejected(failure: Failure): void {
    this.#watched?.end('rejected_locally');
    this.#tryAgain(failure);
  }

  /** The credential may have been replaced while this call waited for its turn. */
  #refreshSignature(): void {
    const { signIn } = this.#way;
    if (signIn.replacedBy?.(this.#signature) === undefined) return;
    const signature = signIn.authorize(this.#call);
    // A sign-in under way is not waited for in a place: if the vendor refuses the old one, the call is replayed.
    if (signature instanceof Promise) signature.catch(() => undefined);
    else this.#signature = signature;
  }

  #findPause(): Failure | undefined {
    const { pauses, signIn } = this.#way;
    return pauses.isAny ? pauses.reject(signIn.callerKey?.(this.#call) ?? '') : undefined;
  }

  /** Not tried again: the caller decides whether to wait for so long. */
  #reject(paused: Failure): void {
    this.#watched?.end('paused');
    this.#fail(paused);
  }

  #prepared(): void {
    // Whoever took so long, it was not the vendor.
    if (this.#stoppedBy) {
      this.#cutShort(new ClientDisconnected(false));
      return;
    }
    this.#send();
  }

  #send(): void {
    this.#phase = 'sent';
    if (this.#manner.outlivesCaller) this.#cancelOnDisconnect = false;
    try {
      const wire = signRequest(this.#request, this.#signature);
      const added = this.#watched?.start();
      this.#wire = added ? { ...wire, headers: { ...wire.headers, ...added } } : wire;
      this.#exchange = this.#manner.transport.exchange(this.#wire, this);
    } catch (error) {
      this.#cutShort(error);
    }
  }

  /** It had its turn, and nothing was sent. */
  #cutShort(error: unknown): void {
    this.#way.bulkhead.release(this, 'unknown');
    this.#watched?.end(error instanceof ClientDisconnected ? 'canceled' : 'rejected_locally');
    this.#tryAgain(error);
  }

  onResponse(answer: UpstreamAnswer): void {
    const { bulkhead: gate, signIn, pauses } = this.#way;
    if (answer.status === 429 || answer.status === 503) {
      pauses.begin(signIn.callerKey?.(this.#call) ?? '', readRetryAfter(answer) ?? 0);
    }
    gate.release(this, answer.status >= 500 ? 'failed' : 'answered');
    this.#way.setReachable(true);
    this.#watched?.end(resultOfStatus(answer.status), answer.status);
    const shown = withoutSecrets(answer, this.#wire!);
    if (shown.status !== 401) {
      signIn.adopt?.(this.#signature, answer);
    } else if (this.#maySignAgain(answer)) {
      this.#sign();
      return;
    }
    try {
      this.#manner.accept(shown);
    } catch (error) {
      this.#tryAgain(error);
      return;
    }
    this.#end();
    this.#listener.onResponse(shown);
  }

  /** Whether one more try after a 401 makes sense: the vendor has not carried the request out. */
  #maySignAgain(answer: UpstreamAnswer): boolean {
    const { signIn } = this.#way;
    // Each answer invalidates the credential of the calls that are under way: only one at a time can succeed.
    if (signIn.replacedBy?.(this.#signature) === 'adopted') this.#way.narrow();
    else signIn.adopt?.(this.#signature, answer);
    const replacement = signIn.replacedBy?.(this.#signature);
    if (replacement === 'adopted' && this.#replays < MAX_REPLAYS) {
      this.#replays += 1;
      return true;
    }
    if (this.#isRenewed) return false;
    this.#isRenewed = true;
    return replacement === 'obtained' || (signIn.invalidate?.(this.#signature) ?? false);
  }

  onError(error: BrokenExchange): void {
    const isAborted = error.reason === 'aborted';
    const isGone = isAborted && this.#stoppedBy === 'caller';
    this.#way.bulkhead.release(this, isGone ? 'unknown' : 'failed');
    if (!isGone) this.#way.setReachable(error.reason !== 'no-connection' && !isAborted);
    this.#watched?.end(isGone ? 'canceled' : isAborted ? 'timeout' : 'network_error', undefined, error.code);
    this.#tryAgain(isGone ? new ClientDisconnected(error.wasSent) : error);
  }

  // ---------------------------------------------------------------- after it

  #tryAgain(error: unknown): void {
    const waitMs = this.#waitBeforeRetry(error);
    if (waitMs === undefined) {
      this.#fail(error);
      return;
    }
    this.#phase = 'pausing';
    this.#lastError = error;
    this.#pause = setTimeout(() => {
      this.#retries += 1;
      this.#sign();
    }, waitMs);
  }

  /** Milliseconds; undefined where it is not to be tried again. */
  #waitBeforeRetry(error: unknown): number | undefined {
    const { bulkhead: gate, budget } = this.#way;
    const failure = this.#toFailure(error);
    if (!failure || this.#stoppedBy || !this.#manner.mayRetry(error)) return undefined;
    const waitMs = waitBeforeRetry(failure, this.#retries + 1, this.#endsAt - performance.now());
    if (waitMs === undefined || gate.state === 'OPEN') return undefined;
    this.#hasPlace ||= budget.take(gate.active);
    return this.#hasPlace ? waitMs : undefined;
  }

  #fail(error: unknown): void {
    this.#end();
    this.#listener.onError(this.#toFailure(error) ?? error, error instanceof BrokenExchange && error.wasSent);
  }

  #end(): void {
    this.#phase = 'over';
    clearTimeout(this.#timer);
    clearTimeout(this.#pause);
    if (this.#hasPlace) this.#way.budget.giveBack();
    this.#hasPlace = false;
  }

  /** What a caller is told of an error on the way; undefined where it is a defect of ours. */
  #toFailure(error: unknown): Failure | undefined {
    if (error instanceof Failure) return error;
    if (error instanceof BrokenExchange && error.reason !== 'aborted') {
      const { reason, code } = error;
      const facts = reason === 'no-connection' ? UNREACHABLE[obstacleOf(code)] : BROKEN[reason];
      return new Failure(facts, undefined, undefined, code);
    }
    return this.#stoppedBy && new Failure(this.#stoppedBy === 'time' ? TIMED_OUT : CLIENT_DISCONNECTED);
  }
}

function onTimeout(tries: RequestAttempts): void {
  tries.onTimeout();
}

/** Nobody who waits for a sign-in with others listens to a caller: it is told by its `RequestAttempts`. */
export const NEVER_ABORTS: AbortSignalLike = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

/** The caller went away: an end that is nobody's fault. */
class ClientDisconnected extends BrokenExchange {
  constructor(wasSent: boolean) {
    super('aborted', wasSent);
    this.name = 'CallerGone';
  }
}

function resultOfStatus(status: number): CallOutcome {
  if (status >= 500) return 'server_error';
  return status >= 400 ? 'client_error' : 'ok';
}

const BROKEN = {
  reset: { kind: 'unavailable', message: 'The connection to the vendor ended before its answer did.' },
  oversized: { kind: 'protocol', message: "The vendor's answer is larger than MAX_UPSTREAM_BYTES allows." },
  garbled: { kind: 'protocol', message: "The vendor's answer cannot be decompressed." },
} as const satisfies Record<string, FailureDetails>;

const TIMED_OUT: FailureDetails = { kind: 'timeout', message: 'The vendor did not answer in time.' };
const CLIENT_DISCONNECTED: FailureDetails = {
  kind: 'timeout',
  message: 'The caller went away before the vendor answered.',
};

/** What a caller is told whose call has ended before there was an answer. */
export function timeoutOrCanceled({ deadlineAt }: RequestScope): Failure {
  return new Failure(isOver(deadlineAt) ? TIMED_OUT : CLIENT_DISCONNECTED);
}
