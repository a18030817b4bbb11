import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { VogError } from '@vogjs/base';
import { type PageFiles, readPageFiles } from './page-files.js';

/** The package's own folder, from `src/server/page` and from `dist/server/page` alike. */
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * The page as it was built. In a checkout it is built when it is missing or older than its sources; a package has it.
 *
 * @throws VogError PAGE_UNBUILT
 */
export async function builtPage(): Promise<PageFiles> {
  const folder = join(PACKAGE, 'page');
  const sources = join(PACKAGE, 'src/app');
  if (existsSync(sources) && isStale(folder, sources)) await rebuild(folder, sources);
  if (!existsSync(join(folder, 'index.html'))) {
    throw new VogError('PAGE_UNBUILT', `The explorer's page is not in ${folder}. Install @vogjs/explorer again.`);
  }
  return readPageFiles(folder);
}

function isStale(folder: string, sources: string): boolean {
  const built = statSync(join(folder, 'index.html'), { throwIfNoEntry: false });
  return built === undefined || newest(sources) > built.mtimeMs;
}

function newest(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.reduce((latest, name) => Math.max(latest, statSync(join(folder, name)).mtimeMs), 0);
}

/** Several programs may do this at once: each builds beside the page, and the first puts its own in place. */
async function rebuild(folder: string, sources: string): Promise<void> {
  const beside = `${folder}.${process.pid}`;
  try {
    await build(beside);
    if (!isStale(folder, sources)) return;
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder).catch((error: unknown) => {
      if (isStale(folder, sources)) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** In a process of its own: it takes a second, and its memory is free again. */
function build(folder: string): Promise<void> {
  const vite = join(PACKAGE, 'node_modules/vite/bin/vite.js');
  return new Promise((resolve, reject) => {
    const options = ['build', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir'];
    const child = spawn(process.execPath, [vite, ...options], { cwd: PACKAGE, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new VogError('PAGE_UNBUILT', `The explorer's page does not build. ${output.trim().slice(-2000)}`));
    });
  });
}
