/** The command line: runs the command that its arguments name, and ends with the exit code of what became of it. */
import { CommanderError } from 'commander';
import { CommandError, EXIT } from './exit.ts';
import { note } from './output.ts';
import { createProgram } from './program.ts';

// Whoever reads our output may stop reading (`| head`); what has been done stays done, and its exit code is still due.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = tell(error);
}

/** Says on stderr what went wrong; the exit code for it. */
function tell(error: unknown): number {
  // Commander has said it already; its only success is help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!(error instanceof CommandError)) {
    note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.defect;
  }
  const { message, nextStep, exitCode } = error;
  if (process.argv.includes('--json')) note(JSON.stringify({ error: { message, nextStep, exitCode } }));
  else note([`error: ${message}`, ...(nextStep === undefined ? [] : [nextStep])].join('\n'));
  return exitCode;
}
