import { absent, type ByteRange, checkName, type RunStorage } from './storage.js';

/** A storage in memory: for tests, and for runs that are downloaded and not kept. */
export function memoryStorage(place = 'memory'): RunStorage {
  const files = new Map<string, Uint8Array>();
  const write = async (name: string, content: Uint8Array): Promise<void> => {
    files.set(checkName(name), content.slice());
  };
  return {
    place,
    list: async (prefix) => [...files.keys()].filter((name) => name.startsWith(prefix)).toSorted(byCodeUnits),
    size: async (name) => files.get(checkName(name))?.length ?? null,
    async read(name, range?: ByteRange) {
      const bytes = files.get(checkName(name));
      if (bytes === undefined) throw absent(place, name);
      return range === undefined ? bytes.slice() : bytes.slice(range.start, range.end);
    },
    write,
    async append(name, content) {
      const before = files.get(checkName(name)) ?? new Uint8Array();
      const after = new Uint8Array(before.length + content.length);
      after.set(before);
      after.set(content, before.length);
      files.set(name, after);
    },
    async remove(name) {
      files.delete(checkName(name));
    },
  };
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
