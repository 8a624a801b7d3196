/** Notices that files have changed, also those that an editor, or Kubernetes by a symbolic link, has replaced. */
import { statSync, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Returns a text that changes with each of the files. A file that cannot be found has a stamp of its own. */
export async function stampsOf(paths: readonly string[]): Promise<string> {
  const stamps = paths.map((path) => stat(path, { bigint: true }).then(toStamp, () => toStamp(undefined)));
  return (await Promise.all(stamps)).join();
}

/** As `stampsOf`. For startup: blocks the event loop. */
export function stampsOfSync(paths: readonly string[]): string {
  return paths.map((path) => toStamp(statSync(path, { bigint: true, throwIfNoEntry: false }))).join();
}

/** Another one for another file, and for the same file with other content. */
function toStamp(stats: BigIntStats | undefined): string {
  if (!stats) return 'missing';
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
