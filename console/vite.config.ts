/**
 * How the console is built: one script, one stylesheet, names by content, the licences of what is in it, and each file a
 * second time as brotli.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Compressed here, as well as it goes, so that no server has to at each start. */
function compress(): Plugin {
  let folder = '';
  return {
    name: 'compress',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    // When all is written: what is copied and the licences never come by as part of the bundle.
    closeBundle() {
      const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
      for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
        const file = join(parentPath, name);
        writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
      }
    },
  };
}

export default defineConfig({
  base: '/console/',
  plugins: [react(), compress()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Everything comes from files: the policy of the page forbids what is inline, `data:` included.
    assetsInlineLimit: 0,
    modulePreload: false,
    sourcemap: false,
    license: { fileName: 'licences.md' },
    reportCompressedSize: false,
    // One script: the page is cached whole, and loads from the same server.
    chunkSizeWarningLimit: 800,
  },
  // The Host header is kept: the endpoint accepts pages of the same host.
  server: {
    port: 5173,
    proxy: {
      '/graphql': { target: 'http://127.0.0.1:4000', changeOrigin: false },
      '/bulk': { target: 'http://127.0.0.1:4000', changeOrigin: false },
      '/console/settings.json': { target: 'http://127.0.0.1:4000', changeOrigin: false },
    },
  },
});
