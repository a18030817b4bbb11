import { posix } from 'node:path';
import { type FileSystemAdapter, globSync } from 'tinyglobby';

/** Where patterns are looked for: a place that no file of this machine has to do with. */
const ROOT = '/bucket';
/** Characters with which a pattern may begin. */
const SPECIAL = /[*?[\]{}()!+@|\\]/;

/** How patterns of checkpoints are read: a folder matches as a file does. */
export const GLOB_RULES = { onlyFiles: false, expandDirectories: false } as const;

/** The folder in which all is that a pattern can match, with a `/` at its end; empty for the whole bucket. */
export function folderOfPattern(pattern: string): string {
  const plain = posix.normalize(pattern);
  const at = plain.search(SPECIAL);
  const fixed = at === -1 ? plain : plain.slice(0, at);
  return fixed.slice(0, fixed.lastIndexOf('/') + 1);
}

/** The keys, and folders of keys, that a pattern matches: by the rules that it has for files of this machine. */
export function matchKeys(pattern: string, keys: readonly string[]): string[] {
  if (pattern === '') return [];
  const folders = foldersOf(keys);
  const readdirSync = (path: string): object[] => {
    const place = path
      .replaceAll('\\', '/')
      .replace(/^[a-z]:/i, '')
      .replace(/\/$/, '');
    return [...(folders.get(place) ?? [])].map(([name, isFolder]) => ({
      name,
      isFile: () => !isFolder,
      isDirectory: () => isFolder,
      isSymbolicLink: () => false,
    }));
  };
  const fs = { readdirSync } as unknown as FileSystemAdapter;
  return globSync(pattern, { ...GLOB_RULES, cwd: ROOT, fs }).map((path) => path.replace(/\/$/, ''));
}

/** What is in each folder, and whether that is a folder. */
function foldersOf(keys: readonly string[]): Map<string, Map<string, boolean>> {
  const folders = new Map<string, Map<string, boolean>>();
  for (const key of keys) {
    let place = ROOT;
    const parts = key.split('/');
    for (const [at, part] of parts.entries()) {
      const inside = folders.get(place) ?? new Map<string, boolean>();
      // A key that is a folder of others too is taken for the folder.
      inside.set(part, at < parts.length - 1 || inside.get(part) === true);
      folders.set(place, inside);
      place = `${place}/${part}`;
    }
  }
  return folders;
}
