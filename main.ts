/**
 * The way in: what has to be set before anything else is loaded, and then the start itself, which is a file of its own.
 *
 * What has been compiled once is kept beside the packages and taken from there the next time, since compiling is half of
 * a start. https://nodejs.org/api/module.html#module-compile-cache
 *
 * V8 is told not to guess which objects will live long. It takes those of requests that happen to be under way when it
 * collects for such, makes the next ones where only a full collection clears up, and they hold on to all that they name:
 * of 25 tickets, 60 kB more were copied about, which was a tenth of their cost.
 * https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--no-allocation-site-pretenuring');
// Where nothing can be kept, as on a read-only disk, it starts all the same.
enableCompileCache(fileURLToPath(new URL('node_modules/.cache/ticketgraph', import.meta.url)));
await import('./server/start.ts');
