/** Entry point of the command line: runs one command and sets its exit code. */
import { CommanderError } from 'commander';
import { CommandError, EXIT } from './exit.ts';
import { note } from './output.ts';
import { createProgram } from './program.ts';

// The reading process may close the pipe (`| head`). Ignore EPIPE, so that the command still ends with its exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportError(error);
}

/** Prints the error to stderr. Returns the exit code. */
function reportError(error: unknown): number {
  // Commander has already printed it. Its exit code is 0 only for help and version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!(error instanceof CommandError)) {
    note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.internalError;
  }
  const { message, nextStep, exitCode } = error;
  if (process.argv.includes('--json')) note(JSON.stringify({ error: { message, nextStep, exitCode } }));
  else note([`error: ${message}`, ...(nextStep === undefined ? [] : [nextStep])].join('\n'));
  return exitCode;
}
