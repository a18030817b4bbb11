import { VogError } from '@vogjs/base';
import { absent, checkName, type RunStorage } from './storage.js';

/**
 * A folder of the page's origin private file system: it outlives a reload, and only this origin sees it.
 *
 * @param folder name of the run, with `/` between folders
 * @throws VogError ARGUMENT_INVALID where there is no such file system
 */
export async function originPrivateStorage(folder: string): Promise<RunStorage> {
  const storage = globalThis.navigator?.storage;
  if (typeof storage?.getDirectory !== 'function') {
    throw new VogError(
      'ARGUMENT_INVALID',
      'There is no origin private file system here. It needs a page with https or localhost; in Node give a folder.',
    );
  }
  let root = await storage.getDirectory();
  for (const part of checkName(folder).split('/')) root = await root.getDirectoryHandle(part, { create: true });
  const place = `the page's own files, ${folder}`;

  const handleOf = async (name: string, create: boolean): Promise<FileSystemFileHandle | null> => {
    const parts = checkName(name).split('/');
    const last = parts.pop() as string;
    try {
      let directory = root;
      for (const part of parts) directory = await directory.getDirectoryHandle(part, { create });
      return await directory.getFileHandle(last, { create });
    } catch (error) {
      if (!create && error instanceof DOMException && error.name === 'NotFoundError') return null;
      throw error;
    }
  };
  // Each writer works on its own copy of the file, so two at once would lose what one of them adds; and a file that is
  // replaced while it is read cannot be read to its end. The lock holds for all pages and workers of the origin.
  const locked = <T>(name: string, mode: 'shared' | 'exclusive', work: () => Promise<T>): Promise<T> =>
    globalThis.navigator.locks.request(`vogjs-run ${folder}/${name}`, { mode }, work) as Promise<T>;
  const put = (name: string, content: Uint8Array, atEnd: boolean): Promise<void> =>
    locked(name, 'exclusive', async () => {
      const handle = (await handleOf(name, true)) as FileSystemFileHandle;
      // What is written shows only once it is closed: whole, or not at all.
      const writable = await handle.createWritable({ keepExistingData: atEnd });
      if (atEnd) await writable.seek((await handle.getFile()).size);
      await writable.write(content as Uint8Array<ArrayBuffer>);
      await writable.close();
    });
  return {
    place,
    list: async (prefix) => (await namesUnder(root, '')).filter((name) => name.startsWith(prefix)).toSorted(),
    size: (name) => locked(name, 'shared', async () => (await (await handleOf(name, false))?.getFile())?.size ?? null),
    read: (name, range) =>
      locked(name, 'shared', async () => {
        const file = await (await handleOf(name, false))?.getFile();
        if (file === undefined) throw absent(place, name);
        const part = range === undefined ? file : file.slice(range.start, range.end);
        return new Uint8Array(await part.arrayBuffer());
      }),
    write: (name, content) => put(name, content, false),
    append: (name, content) => put(name, content, true),
    remove: (name) =>
      locked(name, 'exclusive', async () => {
        const parts = checkName(name).split('/');
        const last = parts.pop() as string;
        try {
          let directory = root;
          for (const part of parts) directory = await directory.getDirectoryHandle(part);
          await directory.removeEntry(last);
        } catch (error) {
          if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
        }
      }),
  };
}

async function namesUnder(directory: FileSystemDirectoryHandle, prefix: string): Promise<string[]> {
  const names: string[] = [];
  const entries = (directory as unknown as { entries(): AsyncIterable<[string, FileSystemHandle]> }).entries();
  for await (const [name, handle] of entries) {
    if (handle.kind === 'file') names.push(prefix + name);
    else names.push(...(await namesUnder(handle as FileSystemDirectoryHandle, `${prefix}${name}/`)));
  }
  return names;
}
