// Builds the site into site/dist: the pages of docs/, the reference from the source, and the page to try it.
// usage: node scripts/ts.mjs test/site/main.ts
// VOGJS_SITE_BASE says where it will lie on its host, such as /vogjs/; default /.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { checkLinks } from './anchors.js';
import { writePages } from './pages.js';
import { writeApi, writeCommands } from './reference.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const site = join(root, 'site');

function run(cwd: string, ...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(site, 'node_modules/vitepress'))) {
  run(site, join(root, 'scripts/pnpm.mjs'), 'install', '--frozen-lockfile', '--prefer-offline');
}
const pages = join(site, '.pages');
rmSync(pages, { recursive: true, force: true });
mkdirSync(join(pages, 'public'), { recursive: true });

writePages(root, site, pages);
writeCommands(root, pages);
writeApi(root, site, pages);
const example = join(root, 'examples/browser');
run(example, join(example, 'node_modules/vite/bin/vite.js'), 'build', '--base', './', '--logLevel', 'warn');
cpSync(join(example, 'dist'), join(pages, 'public/try'), { recursive: true });
run(site, join(site, 'node_modules/vitepress/bin/vitepress.js'), 'build', '.');
const broken = checkLinks(join(site, 'dist'), process.env['VOGJS_SITE_BASE'] ?? '/');
for (const line of broken) console.error(line);
if (broken.length > 0) process.exit(1);
console.log(`Site: ${join(site, 'dist')}`);
