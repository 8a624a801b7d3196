#!/usr/bin/env node
/**
 * Starts the command line with a Node that runs TypeScript: this one, or the one that the project brings along.
 *
 * JavaScript, as the machine's own Node may be too old for anything else. What comes in and goes out, the exit code and
 * signals pass through, so that nobody can tell which Node it was.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const MAIN = new URL('./main.ts', import.meta.url);
const OWN_NODE = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** Type stripping is on by default from 22.18 on. */
function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function runWithOwnNode() {
  const child = spawn(OWN_NODE, [fileURLToPath(MAIN), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends its signals to both; the child decides what they mean, and this process only waits for it.
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

if (runsTypeScript(process.versions.node)) {
  await import(MAIN);
} else if (existsSync(OWN_NODE)) {
  runWithOwnNode();
} else {
  console.error(
    `ticketgraph needs Node 22.18 or later, and this is ${process.versions.node}. Run npm ci: it brings one.`,
  );
  process.exit(4);
}
