#!/usr/bin/env node
/**
 * Starts the command line with a Node that runs TypeScript: the current one, or the one in node_modules.
 *
 * Plain JavaScript, because the installed Node may be too old for TypeScript. Passes stdio, the exit code and signals
 * through to the child process.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const MAIN = new URL('./main.ts', import.meta.url);
const OWN_NODE = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

/** Compile cache, which halves the start-up time. Node ignores a directory that it cannot write. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/ticketgraph', import.meta.url));

/** Type stripping needs no flag since 22.18. */
function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function runWithOwnNode() {
  const env = { NODE_COMPILE_CACHE: CACHE, ...process.env };
  const child = spawn(OWN_NODE, [fileURLToPath(MAIN), ...process.argv.slice(2)], { stdio: 'inherit', env });
  // Forwards signals. A terminal already sends SIGINT and SIGHUP to the whole process group: do not send them twice.
  const isAtTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => isAtTerminal || child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/**
 * Sends SIGTERM to itself when the parent process has exited. npx runs a command in a shell and signals only that shell,
 * so the server would keep running after npx was stopped. Polls, because Node has no event for it.
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
    `ticketgraph needs Node 22.18 or later; this is ${process.versions.node}. Run npm ci, which installs one.`,
  );
  process.exit(4);
}
