/** Sets what must be set before any other module loads, then starts the server. */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** Filters of functions by name: `*` matches all, `-*` none. */
function setOptimizerFilters(filter: '*' | '-*'): void {
  setFlagsFromString(`--turbo-filter=${filter}`);
  setFlagsFromString(`--maglev-filter=${filter}`);
}

// Keeps objects of single requests out of V8's old space (docs/performance.md#pretenuring).
setFlagsFromString('--no-allocation-site-pretenuring');
// Avoids optimizing functions that run only at startup (docs/performance.md#optimizing-at-startup).
setOptimizerFilters('-*');
// Saves compiling on the next start. Has no effect if the folder is not writable.
// https://nodejs.org/api/module.html#module-compile-cache
enableCompileCache(fileURLToPath(new URL('node_modules/.cache/ticketgraph', import.meta.url)));
// Resolves when the server listens.
await import('./server/start.ts');
// Before the flags change: V8 rejects code that was cached under other flags.
flushCompileCache();
setOptimizerFilters('*');
