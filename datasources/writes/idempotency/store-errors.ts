/** Error codes of the stores, for logs and health. */

/** Primary result codes: https://sqlite.org/rescode.html */
const SQLITE_CODES: ReadonlyMap<number, string> = new Map([
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
]);

/** The code of a store's error. Messages are not used: they may hold the data sent, or a password in a URL. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if ('errcode' in error && typeof error.errcode === 'number') {
    return SQLITE_CODES.get(error.errcode & 0xff) ?? `SQLITE_${error.errcode}`;
  }
  if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(error.code)) return error.code;
  // Redis errors begin with a code: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
  const code = /^(?:[A-Z]{2,20}(?= ))/.exec(error.message)?.[0];
  // The Redis client distinguishes its errors by class only.
  const name = error.name === 'Error' ? error.constructor.name : error.name;
  return code ?? (/^\w{1,40}$/.test(name) ? name : 'UNKNOWN');
}

/** Whether it is an error of a store or of the file system, as opposed to a bug. */
export function isStoreError(error: unknown): boolean {
  return error instanceof Error && ('errcode' in error || 'syscall' in error || 'code' in error);
}

/** Codes that mean a wrong path, as opposed to a broken file or a full disk. */
const PATH_CODES: ReadonlySet<string> = new Set([
  'EACCES',
  'EINVAL',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  'EROFS',
  'SQLITE_CANTOPEN',
  'SQLITE_NOTADB',
  'SQLITE_READONLY',
]);

/** Whether the configured path is the cause, so that retrying is pointless. */
export function isPathError(error: unknown): boolean {
  return PATH_CODES.has(causeOf(error));
}
