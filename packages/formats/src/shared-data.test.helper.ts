import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Test } from 'uvu';

const FOLDER = new URL('../../../../shared/data/', import.meta.url);

/** Path of a file of the shared real data, which lies beside the repository and is no part of it. */
export function sharedData(name: string): string {
  return fileURLToPath(new URL(name, FOLDER));
}

/** A test that is skipped, counted as such and named in a line, where the shared data is absent. */
export function testOnSharedData(test: Test, name: string, check: () => void | Promise<void>): void {
  if (existsSync(FOLDER)) {
    test(name, check);
    return;
  }
  console.log(`skipped, for want of ../shared/data: ${name}`);
  test.skip(name, check);
}
