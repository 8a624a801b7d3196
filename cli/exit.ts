/** How a command ends: what each exit code says, and the error that carries one. */

/** What the shell is told. The numbers are a promise: scripts decide by them. */
export const EXIT = {
  /** Done; of a write: applied to every ticket. */
  done: 0,
  /** Of a write: not applied, or not to every ticket. Of a read: a ticket or a vendor is missing. Of `doctor`: not well. */
  notDone: 1,
  /** The command was not understood; nothing was asked of anybody. */
  usage: 2,
  /** A write was sent, and nobody knows whether it happened. */
  unknown: 3,
  /** The server could not be reached, or refused the request as a whole. */
  server: 4,
  /** A defect of this program. */
  defect: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Printed below the help of the whole and of each command that writes. */
export const EXIT_HELP = `
Exit codes:
  0  done; of a write: applied to every ticket
  1  not applied, or not to every ticket; of a read: something is missing; of doctor: something is not well
  2  the command was not understood, nothing was asked of anybody
  3  a write was sent, and nobody knows whether it happened: look at the ticket, or repeat it with the same --key
  4  the server could not be reached, or refused the request as a whole`;

/** An end that was to be expected: told in a sentence and the next step, without a stack. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  /** What to do now: one sentence. */
  readonly nextStep: string | undefined;

  constructor(exitCode: ExitCode, message: string, nextStep?: string) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }
}
