/**
 * Notices that files have changed. By path and by polling: editors replace files, Kubernetes replaces a symbolic link in
 * their path, and network file systems and some container mounts send no events. `watchFile` of Node polls as well, but
 * misses a change before its first look.
 */
import { stampsOf, stampsOfSync } from '../../datasources/upstream/file-stamps.ts';

export interface FileWatch {
  /** Begins to look. Does not keep the process alive. */
  start(intervalMs: number): void;
  stop(): void;
}

/** Compares with how the files are now. @param onChange called once for all changes between two looks */
export function watchFiles(paths: readonly string[], onChange: () => void): FileWatch {
  let seen = stampsOfSync(paths);
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    // A file system that hangs must not use up the threads that file access has.
    if (isLooking) return;
    isLooking = true;
    const latest = await stampsOf(paths);
    isLooking = false;
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
