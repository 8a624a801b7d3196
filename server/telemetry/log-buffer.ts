/**
 * The log's buffer. pino's destination has one too, but measures all of it again for each line
 * (docs/performance.md#log-buffer).
 */
import { fstatSync } from 'node:fs';
import pino, { type DestinationStream } from 'pino';

const MAX_BUFFERED_CHARACTERS = 65_536;
const FLUSH_INTERVAL_MS = 100;

/**
 * Lines of several processes that share a pipe stay whole only if each write has at most PIPE_BUF bytes:
 * https://man7.org/linux/man-pages/man7/pipe.7.html
 */
const MAX_SHARED_WRITE = 4_096;

/** Passes lines on in batches: as soon as there are 65,536 characters, and 100 ms after the first line at the latest. */
export class LogBuffer implements DestinationStream {
  readonly #sink: DestinationStream;
  readonly #maxWrite: number;
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param maxWrite characters that are passed on at once, unless a line is longer. Defaults to no limit. */
  constructor(sink: DestinationStream, maxWrite = Infinity) {
    this.#sink = sink;
    this.#maxWrite = maxWrite;
  }

  /** @param line with its line break */
  write(line: string): void {
    if (this.#lines.length + line.length > this.#maxWrite) this.flush();
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
 *
 * @param isShared whether other processes write to it as well. Defaults to false.
 */
export function openLogBuffer(dest: number, isShared = false): LogBuffer {
  const isSharedPipe = isShared && !fstatSync(dest).isFile();
  const destination = pino.destination({ dest, sync: false, ...(isSharedPipe && { maxWrite: MAX_SHARED_WRITE }) });
  const buffer = new LogBuffer(destination, isSharedPipe ? MAX_SHARED_WRITE : undefined);
  process.once('exit', () => {
    destination.flushSync();
    // An asynchronous write that starts now would not be finished.
    buffer.flush(pino.destination({ dest, sync: true }));
  });
  return buffer;
}
