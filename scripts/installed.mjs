// Imported first by every script that a person starts: installs what is missing, as `pnpm run` does by itself. So that
// `npm test`, `npm run demo` and `node scripts/test.mjs` work in a fresh clone too, where Node would end in a stack.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What only pnpm makes: npm's own install knows nothing of the packages. */
const linked = new URL('../packages/core/node_modules/@vogjs/base', import.meta.url);

if (!existsSync(linked)) {
  console.error('Installing the workspace: npx -y pnpm@12 install');
  // What npm installed is in the way, and nobody may be there to say that it can go.
  const args = ['-y', 'pnpm@12', 'install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
  const { status, error } = spawnSync('npx', args, { cwd: root, stdio: ['ignore', 2, 'inherit'] });
  if (status !== 0) {
    console.error(`The installation failed (${error?.message ?? status}). Run it yourself: npx -y pnpm@12 install`);
    process.exit(1);
  }
}
