/**
 * Runs package.json scripts in parallel, one per core, in the given order: list slow scripts first. Prints the output of
 * each script when it has ended. Runs all of them even if one fails, and then exits with code 1.
 *
 *   node scripts/run-parallel.ts <name>…
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

interface ScriptResult {
  readonly name: string;
  readonly hasPassed: boolean;
  readonly output: string;
  readonly seconds: number;
}

async function main(names: readonly string[]): Promise<void> {
  const waiting = [...names];
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const ended = await run(name);
      console.log(`${ended.hasPassed ? 'passed' : 'FAILED'}: ${name}, ${ended.seconds.toFixed(1)} s`);
      if (ended.output) console.log(ended.output);
      if (!ended.hasPassed) failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  if (failed.length === 0) return;
  console.error(`FAILED: ${failed.join(', ')}`);
  process.exitCode = 1;
}

function run(name: string): Promise<ScriptResult> {
  const startedAt = performance.now();
  const npm = process.env['npm_execpath'];
  const [program, prefix] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const child = spawn(program, [...prefix, 'run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({
        name,
        hasPassed: code === 0,
        output: output.trimEnd(),
        seconds: (performance.now() - startedAt) / 1000,
      });
    });
  });
}

await main(process.argv.slice(2));
