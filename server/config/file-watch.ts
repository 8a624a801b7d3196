/**
 * Notices that files have changed. By path and by polling: editors replace files, Kubernetes replaces a symbolic link in
 * their path, and network file systems and some container mounts send no events. `watchFile` of Node polls as well, but
 * misses a change before its first look.
 */
import { statSync, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface FileWatch {
  /** Begins to look. Does not keep the process alive. */
  start(intervalMs: number): void;
  stop(): void;
}

/** Compares with how the files are now. @param onChange called once for all changes between two looks */
export function watchFiles(paths: readonly string[], onChange: () => void): FileWatch {
  let seen = paths.map((path) => toState(statSync(path, { bigint: true, throwIfNoEntry: false }))).join();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    // A file system that hangs must not use up the threads that file access has.
    if (isLooking) return;
    isLooking = true;
    const states = await Promise.all(
      paths.map((path) => stat(path, { bigint: true }).then(toState, () => toState(undefined))),
    );
    isLooking = false;
    const latest = states.join();
    if (latest === seen) return;
    seen = latest;
    onChange();
  };
  return {
    start(intervalMs) {
      if (paths.length > 0) timer = setInterval(() => void look(), intervalMs).unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Another one for another file, and for the same file with other content. */
function toState(stats: BigIntStats | undefined): string {
  if (!stats) return 'missing';
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
