// The files that are, or are about to be, in the repository.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** @returns {string[]} paths relative to the working directory, which is the root */
export function trackedFiles() {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  // A file that is deleted but not yet committed as such is still listed.
  return list.split('\0').filter((path) => path !== '' && existsSync(path));
}
