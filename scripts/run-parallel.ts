/**
 * Runs scripts of package.json side by side, as many at once as there are cores, in the order given: what takes long
 * comes first. What one prints stands together, below its name, once it has ended. All come to their end, so that a
 * failure hides no other; one that fails makes the whole fail.
 *
 *   node scripts/run-parallel.ts <name>…
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

interface Ended {
  readonly name: string;
  readonly isGood: boolean;
  readonly printed: string;
  readonly seconds: number;
}

async function main(names: readonly string[]): Promise<void> {
  const waiting = [...names];
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const ended = await run(name);
      console.log(`${ended.isGood ? 'passed' : 'FAILED'}: ${name}, ${ended.seconds.toFixed(1)} s`);
      if (ended.printed) console.log(ended.printed);
      if (!ended.isGood) failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  if (failed.length === 0) return;
  console.error(`FAILED: ${failed.join(', ')}`);
  process.exitCode = 1;
}

function run(name: string): Promise<Ended> {
  const begun = performance.now();
  const npm = process.env['npm_execpath'];
  const [program, words] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const child = spawn(program, [...words, 'run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ name, isGood: code === 0, printed: printed.trimEnd(), seconds: (performance.now() - begun) / 1000 });
    });
  });
}

await main(process.argv.slice(2));
