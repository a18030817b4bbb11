import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of readers that take a path, and one at a time in it. */
export interface Files {
  readonly folder: string;
  write(bytes: Uint8Array): string;
  remove(): void;
}

export function temporaryFiles(name: string): Files {
  const folder = mkdtempSync(join(tmpdir(), `vogjs-fuzz-${name}-`));
  const path = join(folder, 'input');
  return {
    folder,
    write(bytes) {
      writeFileSync(path, bytes);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
