import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { rearrangeFolder, type Run } from '@vogjs/run';
import { UsageError } from '../usage-error.js';

/** A folder a class of the run's pictures, after what people decided; gives the exit code. */
export async function exportFolder(
  run: Run,
  { out, link, data }: { out: string; link: boolean; data: string | undefined },
): Promise<number> {
  const { kind, source } = run.manifest.data;
  const from = data ?? (kind === 'images' ? source : null);
  if (from === null) {
    throw new UsageError(
      'The run does not say where its pictures are. Give --data: the folder that their paths begin in.',
    );
  }
  const [first] = (await (await run.scores()).paths()) ?? [];
  if (first === undefined)
    throw new UsageError('The run has no files of its own to put into folders. Export it as csv.');
  const isThere = await stat(join(from, first)).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `There is no '${join(from, first)}' here, which this run scored. Give --data: the folder where the pictures are now.`,
    );
  }
  const { files, relabelled, excluded } = await rearrangeFolder(run, { from, to: out, by: link ? 'link' : 'copy' });
  const facts = [`${relabelled} in another class`, `${excluded} left out`].join(', ');
  console.log(`${link ? 'Linked' : 'Copied'} ${files.toLocaleString('en-US')} pictures to ${out}: ${facts}.`);
  if (relabelled + excluded === 0) {
    console.log('Nothing was decided in this run yet: look at it and decide, or take answers by vogjs import.');
  }
  return 0;
}
