/** The log's buffer: when lines are written, and that none is lost at exit. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { LogBuffer } from '../../../server/telemetry/log-buffer.ts';

describe('batches', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const openBuffer = () => {
    const written: string[] = [];
    return { written, buffer: new LogBuffer({ write: (lines) => void written.push(lines) }) };
  };

  test('writes the lines of 100 ms together', () => {
    const { written, buffer } = openBuffer();
    buffer.write('one\n');
    vi.advanceTimersByTime(60);
    buffer.write('two\n');
    vi.advanceTimersByTime(39);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(written).toEqual(['one\ntwo\n']);
    buffer.write('three\n');
    vi.advanceTimersByTime(100);
    expect(written).toEqual(['one\ntwo\n', 'three\n']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('writes as soon as there are 65,536 characters, and a longer line at once', () => {
    const { written, buffer } = openBuffer();
    const line = `${'x'.repeat(32_767)}\n`;
    buffer.write(line);
    expect(written).toEqual([]);
    buffer.write(line);
    expect(written).toEqual([line + line]);
    buffer.write('y'.repeat(70_000));
    expect(written).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('passes on no more at once than maxWrite, unless a line is longer, and cuts no line', () => {
    const written: string[] = [];
    const buffer = new LogBuffer({ write: (lines) => void written.push(lines) }, 10);
    for (const line of ['1234\n', '1234\n', '12\n', '12345678901234\n', '1\n']) buffer.write(line);
    vi.advanceTimersByTime(100);
    expect(written).toEqual(['1234\n1234\n', '12\n', '12345678901234\n', '1\n']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('flushes into another destination, and writes nothing if it is empty', () => {
    const { written, buffer } = openBuffer();
    const others: string[] = [];
    buffer.write('one\n');
    buffer.flush({ write: (lines) => void others.push(lines) });
    buffer.flush();
    expect([written, others]).toEqual([[], ['one\n']]);
  });
});

const MODULE = join(import.meta.dirname, '../../../server/telemetry/log-buffer.ts');

interface Ran {
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs a script in a process whose log is its stderr. Writes to its stdin when stderr ends with `exitsAfter`. */
async function run(
  script: string,
  { closesStderr = false, exitsAfter }: { closesStderr?: boolean; exitsAfter?: string } = {},
): Promise<Ran> {
  const source = `import { openLogBuffer } from ${JSON.stringify(MODULE)}; const log = openLogBuffer(2); ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source]);
  onTestFinished(() => void child.kill('SIGKILL'));
  if (closesStderr) child.stderr.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (exitsAfter !== undefined && stderr.endsWith(exitsAfter)) child.stdin.end('exit');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { stderr, code };
}

describe('exit', { tags: ['full'] }, () => {
  const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));
  const WRITE = 'const write = (from, to) => { for (let n = from; n < to; n += 1) log.write(`${n}\\n`); };';

  test('writes every line in order before process.exit', async () => {
    // Exits once all batches have arrived, with some lines still in the buffer.
    const script = `${WRITE} write(0, 50_000); process.stdin.once('data', () => { write(50_000, 50_010); process.exit(3); });`;
    const { stderr, code } = await run(script, { exitsAfter: '\n49999\n' });
    expect(stderr.trimEnd().split('\n')).toEqual(numbers(50_010));
    expect(code).toBe(3);
  });

  test('writes buffered lines after an uncaught exception', async () => {
    const { stderr, code } = await run(`${WRITE} write(0, 3); setImmediate(() => { throw new Error('unexpected'); });`);
    expect(stderr.split('\n').filter((line) => /^\d$/.test(line))).toEqual(numbers(3));
    expect(stderr).toContain('Error: unexpected');
    expect(code).toBe(1);
  });

  test('writes buffered lines when nothing is left to do', async () => {
    const { stderr, code } = await run(`${WRITE} write(0, 3);`);
    expect(stderr).toBe('0\n1\n2\n');
    expect(code).toBe(0);
  });

  test.runIf(existsSync('/dev/full'))('continues and exits if the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const script = `
      import { openLogBuffer } from ${JSON.stringify(MODULE)};
      const log = openLogBuffer(2);
      let ticks = 0;
      const timer = setInterval(() => {
        log.write('x'.repeat(70_000));
        log.write('y');
        if ((ticks += 1) < 5) return;
        clearInterval(timer);
        console.log('still there');
        process.exit(4);
      }, 50);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', full],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stdout = '';
    child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect([stdout, code]).toEqual(['still there\n', 4]);
  });

  test('continues with a closed stderr', async () => {
    const script = `${WRITE} setTimeout(() => { write(0, 50_000); setTimeout(() => { write(0, 3); process.exit(4); }, 300); }, 100);`;
    expect((await run(script, { closesStderr: true })).code).toBe(4);
  });
});
