import { VogError } from '@vogjs/base';
import { firstFew } from '../notes/notes.js';

/** Names of folders that hold parts of a data set. */
const SPLITS = new Set([
  'train',
  'training',
  'test',
  'testing',
  'val',
  'valid',
  'validation',
  'dev',
  'eval',
  'unlabeled',
]);

/** The class of a picture: the first folder on its way; null for one in the folder itself. */
export function classOf(id: string): string | null {
  const end = id.indexOf('/');
  return end === -1 ? null : id.slice(0, end);
}

/** Refuses a data set that is split first: its folders would be taken for classes. */
export function checkSplits(folder: string, ids: readonly string[]): void {
  const tops = new Set(ids.map((id) => classOf(id) ?? ''));
  const areSplits = [...tops].every((name) => SPLITS.has(name.toLowerCase()));
  // Pictures that lie right in a folder named test are of a class of that name.
  if (!areSplits || !ids.every((id) => id.split('/').length > 2)) return;
  const names = [...tops].toSorted();
  throw new VogError(
    'FOLDER_LAYOUT',
    `The folders of '${folder}', ${firstFew(names)}, are parts of a data set, not classes. Give one of them: '${folder}/${names.at(-1)}'.`,
  );
}
