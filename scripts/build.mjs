// Builds every package into its dist folder.
// usage: node scripts/build.mjs
// tsc never deletes: what a removed source once compiled to would stay in dist, and be published.
import './installed.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder } from './runner/discover.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const name of readdirSync(join(root, 'packages'))) {
  const [source, output] = [join(root, 'packages', name, 'src'), join(root, 'packages', name, 'dist')];
  for (const suffix of ['.d.ts', '.d.ts.map', '.js', '.js.map']) {
    for (const file of filesUnder(output, suffix)) {
      const stem = file.slice(output.length, -suffix.length);
      // `x.d.ts` also ends a file that was `x.d.d.ts`; no source here is a declaration file.
      if (!['.ts', '.tsx'].some((extension) => existsSync(source + stem + extension))) rmSync(file);
    }
  }
}

const compiler = fileURLToPath(import.meta.resolve('typescript/package.json')).replace('package.json', 'lib/tsc.js');
const { status } = spawnSync(process.execPath, [compiler, '-b', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
