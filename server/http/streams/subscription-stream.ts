/** Writes the events of one subscription to its response, until either side ends it. */
import type { ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import type { SubscriptionEvents } from '../../graphql/subscriptions.ts';
import type { OpenRequest } from '../incoming-request.ts';
import type { StreamFormat } from './stream-format.ts';
import type { OpenStream, StreamEnd } from './stream-registry.ts';

export interface StreamSettings {
  readonly heartbeatMs: number;
  /** How long a stream may be open. */
  readonly lifetimeMs: number;
  /** How long a client may take to read what was written, in milliseconds. Defaults to 30000. */
  readonly drainMs?: number;
}

export interface StreamOptions extends StreamSettings {
  readonly format: StreamFormat;
  readonly response: ServerResponse;
  readonly subscription: SubscriptionEvents;
  /** When the caller's credentials expire, in milliseconds since the epoch; `undefined` for never. */
  readonly expiresAt: number | undefined;
  /** Opens a context for one event, so that it is read once more and has a deadline of its own. */
  openContext(): OpenRequest<Parameters<SubscriptionEvents['execute']>[1]>;
  /** Called once. `reason` is `undefined` if the client has closed the stream, or the operation is complete. */
  onEnd(reason: StreamEnd['code'] | undefined): void;
  onEvent(): void;
  /** Called for unexpected errors. */
  reportUnexpected(error: unknown): void;
}

const LIFETIME_OVER: StreamEnd = {
  code: 'STREAM_ENDED',
  message: 'The stream has reached its maximum lifetime. Subscribe again with the last cursor as after.',
  retryable: true,
};

const CREDENTIALS_EXPIRED: StreamEnd = {
  code: 'UNAUTHENTICATED',
  message: 'The credentials have expired. Sign in again, then subscribe with the last cursor as after.',
  retryable: false,
};

const TOO_SLOW: StreamEnd = {
  code: 'STREAM_TOO_SLOW',
  message: 'The client did not read the stream in time. Subscribe again with the last cursor as after.',
  retryable: true,
};

const DRAIN_MS = 30_000;

/** How long a client that is too slow may take to read why the stream ends. */
const FAREWELL_MS = 5_000;

/** The longest delay of a timer: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_DELAY_MS = 2 ** 31 - 1;

export class SubscriptionStream implements OpenStream {
  readonly #options: StreamOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  /** The context of the event that is executed now, if any. */
  #event: ReturnType<StreamOptions['openContext']> | undefined;
  #isOver = false;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** Resolves when the stream is over. Headers of the response are set already, except for those of the format. */
  async run(): Promise<void> {
    const { response, format, reportUnexpected } = this.#options;
    response.on('close', () => this.#finish(undefined));
    // An idle connection would be closed after the server's timeout.
    response.socket?.setTimeout(0);
    response.writeHead(200, format.headers);
    response.write(format.start);
    this.#startTimers();
    try {
      await this.#writeEvents();
      this.#endWith(undefined);
    } catch (error) {
      if (this.#isOver) return;
      reportUnexpected(error);
      this.end({ code: 'STREAM_ENDED', message: 'Internal server error. Subscribe again.', retryable: true });
    }
  }

  end(reason: StreamEnd): void {
    this.#endWith(reason);
  }

  #startTimers(): void {
    const { lifetimeMs, expiresAt = Infinity, heartbeatMs, format, response } = this.#options;
    const leftMs = expiresAt - Date.now();
    const [delayMs, reason] = leftMs < lifetimeMs ? [leftMs, CREDENTIALS_EXPIRED] : [lifetimeMs, LIFETIME_OVER];
    this.#timers.push(setTimeout(() => this.end(reason), Math.min(Math.max(delayMs, 0), MAX_DELAY_MS)));
    // Nothing is added to what the client has not read yet.
    const beat = (): void => {
      if (!response.writableNeedDrain) response.write(format.heartbeat);
    };
    this.#timers.push(setInterval(beat, heartbeatMs));
    for (const timer of this.#timers) timer.unref();
  }

  async #writeEvents(): Promise<void> {
    const { subscription, format, response, openContext, onEvent } = this.#options;
    for (;;) {
      const next: IteratorResult<unknown> = await subscription.events.next();
      if (next.done || this.#isOver) return;
      const { value } = next;
      this.#event = openContext();
      let result: FormattedExecutionResult;
      try {
        result = await subscription.execute(value, this.#event.context);
      } finally {
        this.#endEvent();
      }
      if (response.writableEnded || response.destroyed) return;
      onEvent();
      if (!response.write(format.event(result, cursorOf(value)))) await this.#waitForDrain();
    }
  }

  /** Also ends the calls that are still made for it. */
  #endEvent(): void {
    this.#event?.dispose();
    this.#event = undefined;
  }

  #waitForDrain(): Promise<void> {
    const { response, drainMs = DRAIN_MS } = this.#options;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        setTimeout(() => response.destroy(), FAREWELL_MS).unref();
        this.end(TOO_SLOW);
      }, drainMs);
      const go = (): void => {
        clearTimeout(timer);
        response.off('drain', go);
        response.off('close', go);
        resolve();
      };
      response.on('drain', go);
      response.on('close', go);
    });
  }

  #endWith(reason: StreamEnd | undefined): void {
    if (this.#isOver) return;
    const { format, response } = this.#options;
    response.end(reason ? format.end([toError(reason)]) : format.end());
    this.#finish(reason?.code);
  }

  #finish(reason: StreamEnd['code'] | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#endEvent();
    this.#options.subscription.events.return?.().catch(this.#options.reportUnexpected);
    this.#options.onEnd(reason);
  }
}

function toError({ code, message, retryable }: StreamEnd) {
  return { message, extensions: { code, retryable } };
}

/** Events that have a cursor can be resumed from. */
function cursorOf(event: unknown): string | undefined {
  const cursor = (event as { readonly cursor?: unknown } | null)?.cursor;
  return typeof cursor === 'string' ? cursor : undefined;
}
