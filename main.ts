/**
 * The way in: what has been compiled once is kept beside the packages and taken from there the next time, since compiling
 * is half of a start. Only what is imported after that profits, so the start itself is a file of its own.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Where nothing can be kept, as on a read-only disk, it starts all the same.
enableCompileCache(fileURLToPath(new URL('node_modules/.cache/ticketgraph', import.meta.url)));
await import('./start.ts');
