/** Runs commands of the documentation in a shell, and compares what they print with what the page shows. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, type Ended } from './command.ts';

/** Collapses spaces, because column widths depend on omitted rows. */
export function squeeze(text: string): string {
  return text.replaceAll(/ {2,}/g, '  ');
}

/** A line `…` matches any number of lines; `…` within a line matches any text. */
export function toPattern(output: string): RegExp {
  const escaped = output.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/^…\n/gm, '(?:.*\\n)*?').replaceAll('…', '.*')}$`);
}

/** Stops a server with SIGTERM as soon as it is ready. */
export function runInShell(
  command: string,
  environment: Readonly<Record<string, string>>,
  folder = ROOT,
): Promise<Ended> {
  const launcher = `ticketgraph() { ${process.execPath} ${join(ROOT, 'cli/ticketgraph.js')} "$@"; }`;
  const started = command.startsWith('ticketgraph serve')
    ? command.replace('ticketgraph', 'exec node cli/ticketgraph.js')
    : command;
  const env = { PATH: process.env['PATH'], ...environment };
  const child = spawn('bash', ['-c', `${launcher}\n${started}`], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (stdout.includes('is ready at')) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
