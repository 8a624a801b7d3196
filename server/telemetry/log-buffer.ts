/**
 * The log's buffer. pino's destination has one too, but measures all of it again for each line
 * (docs/performance.md#log-buffer).
 */
import pino, { type DestinationStream } from 'pino';

const MAX_BUFFERED_CHARACTERS = 65_536;
const FLUSH_INTERVAL_MS = 100;

/** Passes lines on in batches: as soon as there are 65,536 characters, and 100 ms after the first line at the latest. */
export class LogBuffer implements DestinationStream {
  readonly #sink: DestinationStream;
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: DestinationStream) {
    this.#sink = sink;
  }

  /** @param line with its line break */
  write(line: string): void {
    this.#lines += line;
    if (this.#lines.length >= MAX_BUFFERED_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_INTERVAL_MS).unref();
  }

  /** @param sink Defaults to the buffer's own. */
  flush(sink: DestinationStream = this.#sink): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') sink.write(lines);
  }
}

/**
 * Opens a file descriptor for the log. Asynchronous: a slow terminal or collector must not block requests. What is
 * buffered when the process exits is written then, also after an uncaught exception; SIGKILL loses it.
 */
export function openLogBuffer(dest: number): LogBuffer {
  const destination = pino.destination({ dest, sync: false });
  const buffer = new LogBuffer(destination);
  process.once('exit', () => {
    destination.flushSync();
    // An asynchronous write that starts now would not be finished.
    buffer.flush(pino.destination({ dest, sync: true }));
  });
  return buffer;
}
