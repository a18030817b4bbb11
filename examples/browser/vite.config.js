import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

// oxlint-disable-next-line import/no-default-export -- where Vite looks for it
export default defineConfig({
  // Fashion-MNIST as the command line ships it: served beside the page, no copy.
  publicDir: '../../packages/vogjs/assets/fashion-mnist',
  // The workspace's packages are read from source: no build stands between an edit and the page.
  resolve: { conditions: ['@vogjs/source', ...defaultClientConditions], dedupe: ['@tensorflow/tfjs'] },
  // Found before the first page is served: one found later would reload the page in the middle of a run.
  optimizeDeps: {
    include: [
      '@preact/signals',
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgpu',
      'preact',
      'preact/hooks',
      'preact/jsx-dev-runtime',
    ],
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 2000,
    // The page that trains, and the one that looks on.
    rollupOptions: { input: ['index.html', 'live.html'].map((name) => fileURLToPath(new URL(name, import.meta.url))) },
  },
});
