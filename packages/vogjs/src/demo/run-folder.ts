import { join } from 'node:path';
import type { SelectedBackend } from '@vogjs/core/node';
import { createRun, findIssues, openRun } from '@vogjs/run';
import { scoredColumns } from '../score/follow/scored-columns.js';
import { WINDOWS } from './evaluation.js';
import { BATCH_SIZE } from './model.js';
import { CLASS_NAMES, type NoisyImages, SIDE } from './images.js';
import type { DemoOptions } from './options.js';
import type { TrainedRun } from './training.js';

/**
 * Makes the demo's folder a run like any other: the table, pictures, issues. What is said of the run beside that stands in
 * its `run.json` too, which readers of runs pass over.
 *
 * @returns paths of what was written
 */
export async function writeRun(
  { out, epochs, examples, noise, seed }: DemoOptions,
  { backend, version, notes }: SelectedBackend,
  { pixels, size, givenLabels, trueLabels, planted }: NoisyImages,
  { tracker, predictions, epochs: records }: TrainedRun,
  record: object,
): Promise<string[]> {
  const steps = Math.ceil(size / BATCH_SIZE);
  const writer = await createRun(
    out,
    {
      examples: size,
      classNames: CLASS_NAMES,
      config: { command: 'demo', epochs, examples, noise, seed, backend },
      data: { source: 'Fashion-MNIST', fingerprint: null, kind: 'images' },
      model: { name: 'the network of the demo', hash: null },
      checkpoints: records.map(({ epoch }) => ({ epoch, step: (epoch + 1) * steps })),
      backend,
      versions: { backend: version, node: process.versions.node },
      notes,
    },
    { replace: true },
  );
  await writer.scores({
    ids: Array.from({ length: size }, (_, i) => i),
    labels: givenLabels,
    predicted: predictions,
    scores: await scoredColumns(tracker, ['complete', ...WINDOWS]),
    primary: 'vog',
    meta: {
      'true label': Array.from(trueLabels, (label) => CLASS_NAMES[label] ?? null),
      planted: Array.from(planted, (flag) => flag === 1),
    },
  });
  const width = SIDE * SIDE;
  const read = (start: number, end: number): Uint8Array => pixels.subarray(start * width, end * width);
  await writer.thumbs({ width: SIDE, height: SIDE, channels: 1, count: size, read });
  // No weak groups: whether a label was planted is what is to be found.
  await findIssues(await openRun(out), { kinds: ['label', 'ambiguous', 'imbalance'] });
  await writer.finish();
  const manifest = new TextEncoder().encode(`${JSON.stringify({ ...record, ...writer.manifest }, null, 1)}\n`);
  await writer.storage.write('run.json', manifest);
  return ['run.json', 'scores.parquet', 'issues.json', 'thumbs'].map((name) => join(out, name));
}
