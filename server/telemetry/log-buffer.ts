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
 * buffered when the process exits is written then, also after an uncaught exception; SIGKILL loses it. A batch that is just
 * being written may be lost at exit, and one that cannot be written is, e.g. because a disk is full.
 *
 * @param isShared whether other processes write to it as well. Defaults to false.
 */
export function openLogBuffer(dest: number, isShared = false): LogBuffer {
  const maxWrite = isShared && !fstatSync(dest).isFile() ? MAX_SHARED_WRITE : undefined;
  let destination: ReturnType<typeof openDestination> | undefined;
  const sink: DestinationStream = {
    write(lines) {
      destination ??= openDestination(dest, maxWrite, () => (destination = undefined));
      destination.write(lines);
    },
  };
  const buffer = new LogBuffer(sink, maxWrite);
  process.once('exit', () => {
    destination?.flushSync();
    // An asynchronous write that starts now would not be finished.
    buffer.flush(pino.destination({ dest, sync: true }).on('error', () => undefined));
  });
  return buffer;
}

/** Destroyed after an error: pino would otherwise end the process, and then try to write for ever. */
function openDestination(dest: number, maxWrite: number | undefined, onError: () => void) {
  const destination = pino.destination({ dest, sync: false, ...(maxWrite !== undefined && { maxWrite }) });
  destination.on('error', () => {
    destination.destroy();
    onError();
  });
  return destination;
}
