import { checkArgument, checkOptions, oneOf, text, VogError } from '@vogjs/base';
import { fileStep, nodeFiles } from '@vogjs/formats/files';
import { classNameOf, correctedLabel, type ExportRows, exportRows, requireLabels } from '../export/rows.js';
import type { Run } from '../open/open-run.js';
import { checkName } from '../storage/storage.js';

export interface RearrangeOptions {
  /** The folder that the run's paths start from. */
  readonly from: string;
  /** A folder that is not there yet, or is empty. */
  readonly to: string;
  /** `copy` (default); `link` makes symbolic links, which need `from` to stay where it is. */
  readonly by?: 'copy' | 'link';
}

/** What came of it. */
export interface Rearranged {
  /** Files put under `to`, and how many of them lie in another class than was given. */
  readonly files: number;
  readonly relabelled: number;
  /** Left out, since people excluded them. */
  readonly excluded: number;
}

/**
 * A folder per class with the examples' files in it, after what people decided: relabelled files lie in their new class,
 * excluded ones are left out. The data stays as it is: nothing of `from` is moved, changed or deleted, and nothing of
 * `to` is overwritten.
 *
 * @throws VogError ARGUMENT_INVALID for a run without labels or paths, class names that are not names of folders, and a
 *   `to` that holds something or lies in `from`; FILE_FAILED, with what was put there until then left
 */
export async function rearrangeFolder(run: Run, options: RearrangeOptions): Promise<Rearranged> {
  checkOptions('rearrangeFolder', options, { from: text, to: text, by: oneOf('copy', 'link') });
  checkArgument('rearrangeFolder', 'from', options.from, text);
  checkArgument('rearrangeFolder', 'to', options.to, text);
  const { dirname, join, resolve, relative, isAbsolute } = globalThis.process.getBuiltinModule('node:path');
  const [from, to] = [resolve(options.from), resolve(options.to)];
  const inside = relative(from, to);
  if (inside === '' || !(inside.startsWith('..') || isAbsolute(inside))) {
    throw new VogError('ARGUMENT_INVALID', `'${to}' lies in the data's folder '${from}'. Give a folder beside it.`);
  }
  const rows = await exportRows(run);
  const plan = planOf(rows);
  const { mkdir, readdir, copyFile, symlink, constants, stat } = nodeFiles();
  const there = await fileStep('read', to, () =>
    readdir(to).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    }),
  );
  if (there.length > 0) {
    throw new VogError('ARGUMENT_INVALID', `'${to}' is not empty. Give a new folder: nothing there is overwritten.`);
  }
  // Every file is looked for first: half a folder helps nobody.
  for (const { source } of plan) await fileStep('read', join(from, source), () => stat(join(from, source)));
  for (const { source, target } of plan) {
    const [old, put] = [join(from, source), join(to, target)];
    await fileStep('written', put, async () => {
      await mkdir(dirname(put), { recursive: true });
      if (options.by === 'link') await symlink(old, put);
      else await copyFile(old, put, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    });
  }
  const relabelled = plan.filter(({ changed }) => changed).length;
  return { files: plan.length, relabelled, excluded: rows.size - plan.length };
}

interface Step {
  readonly source: string;
  readonly target: string;
  readonly changed: boolean;
}

/** Where each file goes: `cats/7.png` that is a dog to `dogs/7.png`, and to `dogs/7-1.png` where that name is taken. */
function planOf(rows: ExportRows): Step[] {
  const labels = requireLabels(rows, 'a folder per class');
  const { paths } = rows;
  if (paths === null) throw new VogError('ARGUMENT_INVALID', 'The run has no paths, so there are no files to arrange.');
  const used = Array.from({ length: rows.size }, (_, at) => at).filter(
    (at) => rows.decisions[at]?.decision !== 'exclude',
  );
  // Files that keep their class keep their names, whoever else comes into it.
  const changes = (at: number): boolean => correctedLabel(rows, at) !== labels[at];
  const taken = new Set<string>();
  const steps = [...used.filter((at) => !changes(at)), ...used.filter(changes)].map((at): Step => {
    const source = checkName(paths[at] as string);
    const name = classNameOf(rows, correctedLabel(rows, at)) ?? 'no label';
    if (name.includes('/')) {
      throw new VogError('ARGUMENT_INVALID', `The class '${name}' cannot be a folder: its name has a '/'. Rename it.`);
    }
    const file = source.slice(source.lastIndexOf('/') + 1);
    const dot = file.lastIndexOf('.');
    const [stem, end] = dot > 0 ? [file.slice(0, dot), file.slice(dot)] : [file, ''];
    let target = checkName(`${name}/${file}`);
    // Some file systems do not tell capitals from small letters.
    for (let n = 1; taken.has(target.toLowerCase()); n++) target = `${name}/${stem}-${n}${end}`;
    taken.add(target.toLowerCase());
    return { source, target, changed: changes(at) };
  });
  return steps;
}
