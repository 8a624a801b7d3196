/** Progress of a long command: one line on stderr that overwrites itself. Prints nothing if stderr is not a terminal. */

export interface Progress {
  /** @param total replaces that of the progress. @param details printed after the count */
  show(done: number, total?: number, details?: string): void;
  /** Clears the line. */
  end(): void;
}

const WIDTH = 30;

/** @param total omit if unknown. */
export function createProgress(what: string, total?: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show(done, all = total, details) {
      const line = `${bar(done, all)}${count(done, all)} ${what}${details === undefined ? '' : `  ${details}`}`;
      // A line that wraps is not overwritten.
      stream.write(`\r\u001b[K${line.slice(0, stream.columns > 0 ? stream.columns - 1 : undefined)}`);
    },
    end: () => void stream.write('\r\u001b[K'),
  };
}

function bar(done: number, total: number | undefined): string {
  if (total === undefined) return '';
  const filled = total === 0 ? 0 : Math.round(Math.min(1, done / total) * WIDTH);
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] `;
}

function count(done: number, total: number | undefined): string {
  return total === undefined ? String(done) : `${done}/${total}`;
}
