/** Progress of a long command: one line on stderr that overwrites itself. Prints nothing if stderr is not a terminal. */

export interface Progress {
  show(done: number): void;
  /** Clears the line. */
  end(): void;
}

const WIDTH = 30;

/** @param total omit if unknown. */
export function createProgress(what: string, total?: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (done) =>
      void stream.write(`\r\u001b[K${total === undefined ? '' : bar(done / total)}${count(done, total)} ${what}`),
    end: () => void stream.write('\r\u001b[K'),
  };
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, share) * WIDTH);
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] `;
}

function count(done: number, total: number | undefined): string {
  return total === undefined ? String(done) : `${done}/${total}`;
}
