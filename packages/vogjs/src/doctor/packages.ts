import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * Folder of an installed package, searched as Node searches, from each origin in turn; null when nowhere. A folder
 * without a package.json is what a failed optional install leaves, and does not count.
 *
 * @param origins files or folders to search from; by default the current folder, then VoG.js itself
 */
export function findPackage(name: string, origins: readonly string[] = defaultOrigins()): string | null {
  for (const origin of origins) {
    for (const folder of createRequire(join(origin, 'noop.js')).resolve.paths(name) ?? []) {
      if (existsSync(join(folder, name, 'package.json'))) return join(folder, name);
    }
  }
  return null;
}

function defaultOrigins(): string[] {
  const core = dirname(fileURLToPath(import.meta.resolve('@vogjs/core')));
  return [process.cwd(), core, dirname(fileURLToPath(import.meta.url))];
}
