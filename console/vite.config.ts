/** How the console is built: one script, one stylesheet, names by content, and the licences of what is in it. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
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
  server: { port: 5173, proxy: { '/graphql': { target: 'http://127.0.0.1:4000', changeOrigin: false } } },
});
