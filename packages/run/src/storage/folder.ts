import { fileStep, nodeFiles, withFile, writeFileAtomically } from '@vogjs/formats/files';
import { absent, checkName, type RunStorage } from './storage.js';

/** A folder of this machine's file system. It is made when something is written. */
export function folderStorage(folder: string): RunStorage {
  const { join, dirname, relative, sep } = globalThis.process.getBuiltinModule('node:path');
  const pathOf = (name: string): string => join(folder, checkName(name));
  const withFolder = async (path: string): Promise<void> => {
    await fileStep('written', path, () => nodeFiles().mkdir(dirname(path), { recursive: true }));
  };
  const size = async (name: string): Promise<number | null> => {
    const path = pathOf(name);
    return fileStep('read', path, () =>
      nodeFiles()
        .stat(path)
        .then((stat) => (stat.isFile() ? stat.size : null), nothingThere),
    );
  };
  return {
    place: `'${folder}'`,
    async list(prefix) {
      const entries = await fileStep('read', folder, () =>
        nodeFiles()
          .readdir(folder, { recursive: true, withFileTypes: true })
          .catch((error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOENT') return [];
            throw error;
          }),
      );
      return entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((name) => name.startsWith(prefix))
        .toSorted((a, b) => Number(a > b) - Number(a < b));
    },
    size,
    async read(name, range) {
      const path = pathOf(name);
      if ((await size(name)) === null) throw absent(`'${folder}'`, name);
      return withFile(path, async (source) => {
        const { start, end } = range ?? { start: 0, end: source.size };
        const bytes = new Uint8Array(Math.max(0, Math.min(end, source.size) - start));
        await source.read(start, bytes);
        return bytes;
      });
    },
    async write(name, content) {
      const path = pathOf(name);
      await withFolder(path);
      await writeFileAtomically(path, content);
    },
    async append(name, content) {
      const path = pathOf(name);
      await withFolder(path);
      await fileStep('written', path, async () => {
        // One write call at the end of the file: the system keeps lines of several processes apart.
        const file = await nodeFiles().open(path, 'a');
        try {
          for (let done = 0; done < content.length;) {
            done += (await file.write(content, done, content.length - done)).bytesWritten;
          }
          await file.sync();
        } finally {
          await file.close();
        }
      });
    },
    async remove(name) {
      const path = pathOf(name);
      await fileStep('written', path, () => nodeFiles().rm(path, { force: true }));
      await syncFolder(dirname(path));
      // A folder within the run that is empty now; one that is not stays.
      for (let inside = dirname(name); inside !== '.'; inside = dirname(inside)) {
        const isGone = await nodeFiles()
          .rmdir(join(folder, inside))
          .then(
            () => true,
            () => false,
          );
        if (!isGone) break;
      }
    },
  };
}

function nothingThere(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

/** What was removed may else be there again after a loss of power. Windows opens no folders, some systems flush none. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await nodeFiles()
    .open(folder, 'r')
    .catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
