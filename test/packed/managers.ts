// The package managers that people have, and what the README's install line is in each.
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export interface Manager {
  /** What npm installs to have it, and its program; undefined for those that are here. */
  tool?: { spec: string; program: string };
  /** From the path of its program: what installs packages by name. */
  add: (path: string) => string[];
  /** Runs a program in the folder, where that is not plain Node. */
  start?: (path: string) => string[];
  /** Settings that people would have, by file. `.npmrc` names the registry for all that read it. */
  files?: (registry: string) => Record<string, string>;
}

const pnpm = fileURLToPath(new URL('../../scripts/pnpm.mjs', import.meta.url));
const berry = (lines: string[]) => (registry: string) => ({
  '.yarnrc.yml': [`npmRegistryServer: '${registry}'`, "unsafeHttpWhitelist: ['127.0.0.1']", ...lines, ''].join('\n'),
  // Without it, yarn takes the folder for a part of the project above.
  'yarn.lock': '',
});

export const managers: Record<string, Manager> = {
  npm: { add: () => ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline'] },
  pnpm: {
    add: () => [process.execPath, pnpm, 'add', '--prefer-offline'],
    files: () => ({ 'pnpm-workspace.yaml': 'allowBuilds:\n  core-js: false\n' }),
  },
  'yarn 1': {
    tool: { spec: 'yarn@1', program: 'yarn' },
    add: (path) => [path, 'add', '--non-interactive', '--silent', '--network-timeout', '300000'],
  },
  'yarn 4, node_modules': {
    tool: { spec: '@yarnpkg/cli-dist@4', program: 'yarn' },
    add: (path) => [path, 'add'],
    files: berry(['nodeLinker: node-modules']),
  },
  // TensorFlow.js imports `long`, which it does not declare: strict, nothing that uses it starts.
  'yarn 4, Plug and Play, loose': {
    tool: { spec: '@yarnpkg/cli-dist@4', program: 'yarn' },
    add: (path) => [path, 'add'],
    start: (path) => [path, 'node'],
    files: berry(['pnpMode: loose']),
  },
  bun: {
    tool: { spec: 'bun@1', program: 'bun' },
    add: (path) => [path, 'add'],
    start: (path) => [path],
  },
  deno: {
    tool: { spec: 'deno@2', program: 'deno' },
    add: (path) => [path, 'add', '--npm'],
    start: (path) => [path, 'run', '--allow-all'],
  },
};

/** Caches that would otherwise keep our unpublished packages, and addresses of this run's registry, for good. */
export const cachesIn = (folder: string): Record<string, string> => ({
  YARN_CACHE_FOLDER: `${folder}/yarn`,
  YARN_GLOBAL_FOLDER: `${folder}/yarn`,
  YARN_ENABLE_TELEMETRY: '0',
  BUN_INSTALL_CACHE_DIR: `${folder}/bun`,
  DENO_DIR: `${folder}/deno`,
  DENO_NO_UPDATE_CHECK: '1',
});
