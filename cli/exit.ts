/** Exit codes, and the error that carries one. */

/** Exit codes. Scripts depend on the numbers: do not change them. */
export const EXIT = {
  /** Success. Write: applied to every ticket. */
  done: 0,
  /**
   * Write: not applied to every ticket. Read: a ticket or a vendor is missing. `query`: the response has errors. `doctor`,
   * `verify`: a check failed.
   */
  notDone: 1,
  /** Usage error; no request was sent. */
  usage: 2,
  /** A write was sent and its outcome is unknown. */
  unknown: 3,
  /** The server is unreachable, or rejected the request. */
  server: 4,
  /** An unexpected error of this program (`EX_SOFTWARE` of sysexits.h). */
  internalError: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Appended to the program's help, and to that of each command that writes. */
export const EXIT_HELP = `
Exit codes:
 0  success; write: applied to every ticket
  1  write: not applied to every ticket; read: a ticket or vendor is missing; query: errors; doctor, verify: a check failed
  2  usage error; no request was sent
  3  a write was sent and its outcome is unknown: check the ticket, or retry with the same --key
  4  the server is unreachable, or rejected the request`;

/** An expected error, printed as one sentence and the next step, without a stack trace. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  /** One sentence. Omit if there is nothing to do. */
  readonly nextStep: string | undefined;

  constructor(exitCode: ExitCode, message: string, nextStep?: string) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }
}
