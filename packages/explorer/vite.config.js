import { defaultClientConditions, defineConfig } from 'vite';

// oxlint-disable-next-line import/no-default-export -- where Vite looks for it
export default defineConfig({
  root: 'src/app',
  // The workspace's packages are read from source: no build stands between an edit and the page.
  resolve: { conditions: ['@vogjs/source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    outDir: '../../page',
    emptyOutDir: true,
    // The page's policy allows its own files alone, no data: addresses and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
