/** Defers signals that would end the process in the middle of a change. */

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs `work` to its end. A signal that arrives meanwhile ends the process afterwards, unless the command handles it. */
export async function uninterrupted<Value>(work: () => Promise<Value>): Promise<Value> {
  let received: NodeJS.Signals | undefined;
  const defer = (signal: NodeJS.Signals): void => void (received = signal);
  const unhandled = SIGNALS.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of unhandled) process.on(signal, defer);
  try {
    return await work();
  } finally {
    for (const signal of unhandled) process.off(signal, defer);
    if (received) process.kill(process.pid, received);
  }
}
