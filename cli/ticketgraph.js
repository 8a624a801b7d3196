#!/usr/bin/env node
/**
 * Starts the command line with a Node that runs TypeScript: this one, or the one that the project brings along.
 *
 * JavaScript, as the machine's own Node may be too old for anything else. What comes in and goes out, the exit code and
 * signals pass through, so that nobody can tell which Node it was.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const MAIN = new URL('./main.ts', import.meta.url);
const OWN_NODE = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

/** Compiled once, it starts in half the time. Where nothing can be kept, it starts all the same. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/ticketgraph', import.meta.url));

/** Types are stripped without a flag from 22.18 on. */
function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function runWithOwnNode() {
  const env = { NODE_COMPILE_CACHE: CACHE, ...process.env };
  const child = spawn(OWN_NODE, [fileURLToPath(MAIN), ...process.argv.slice(2)], { stdio: 'inherit', env });
  // The child decides what a signal means. What is typed at a terminal reaches it without us, and must not come twice.
  const isAtTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => isAtTerminal || child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/**
 * Ends with SIGTERM when the parent process has ended. npx runs a command in a shell and signals that shell only: without
 * this, a server would go on unseen after npx was stopped. Polled, as no event reports it.
 */
function endWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
}

if (process.env.npm_command === 'exec' && process.argv[2] === 'serve') endWithParent();

if (runsTypeScript(process.versions.node)) {
  module.enableCompileCache(CACHE);
  await import(MAIN);
} else if (existsSync(OWN_NODE)) {
  runWithOwnNode();
} else {
  console.error(
    `ticketgraph needs Node 22.18 or later, and this is ${process.versions.node}. Run npm ci: it brings one.`,
  );
  process.exit(4);
}
