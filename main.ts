/** Sets what must be set before any other module loads, then starts the server. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Keeps objects of single requests out of V8's old space (docs/performance.md#pretenuring).
setFlagsFromString('--no-allocation-site-pretenuring');
// Saves compiling on the next start. Has no effect if the folder is not writable.
// https://nodejs.org/api/module.html#module-compile-cache
enableCompileCache(fileURLToPath(new URL('node_modules/.cache/ticketgraph', import.meta.url)));
await import('./server/start.ts');
