import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

// The view that pages mount, `@vogjs/explorer/live`: one file that brings all it needs.
// oxlint-disable-next-line import/no-default-export -- where Vite looks for it
export default defineConfig({
  resolve: { conditions: ['@vogjs/source', ...defaultClientConditions] },
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'live',
    emptyOutDir: true,
    lib: {
      entry: fileURLToPath(new URL('src/app/mounted/mount-live.tsx', import.meta.url)),
      formats: ['es'],
      fileName: () => 'live.js',
    },
    rollupOptions: { external: [/^@tensorflow\//] },
  },
});
