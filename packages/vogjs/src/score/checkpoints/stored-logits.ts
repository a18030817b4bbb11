import { hashStrings, VogError } from '@vogjs/base';
import type { Checkpoints } from './checkpoints.js';
import { classesOf } from '../data/classes.js';
import type { Dataset } from '../data/dataset.js';
import { readLabelsFile } from '../data/labels-file.js';
import type { LogitFiles } from './logit-files.js';

/** What stored logits are to the engine: examples whose inputs are their logits now, and a model that gives them back. */
export interface StoredLogits {
  readonly dataset: Dataset;
  readonly checkpoints: Checkpoints;
}

/**
 * Stored logits with their labels. Rows of the labels file are the rows of the logits, in order; their ids name them.
 *
 * @throws VogError LOGITS_INVALID, LABELS_UNREADABLE, CLASSES_UNFIT, LABEL_INVALID
 */
export async function storedLogits(
  files: LogitFiles,
  path: string,
  labelsPath: string | undefined,
  names: readonly string[] | undefined,
): Promise<StoredLogits> {
  const { count, examples, classes, sources, stamps } = files;
  const given = labelsPath === undefined ? null : await readLabelsFile(labelsPath);
  if (given !== null && given.labels.length !== examples) {
    throw new VogError(
      'LOGITS_INVALID',
      `${labelsPath} has ${given.labels.length} labels for ${examples} rows of logits. Give one for each, in one order.`,
    );
  }
  const read = given === null ? null : classesOf(given.labels, classes, names);
  const first = await files.read(0);
  let current = first;
  return {
    dataset: {
      kind: 'arrays',
      source: path,
      fingerprint: hashStrings([
        String([count, examples, classes]),
        ...stamps,
        ...sources,
        ...(given?.ids ?? []),
        ...(given?.labels ?? []),
      ]),
      size: examples,
      ids: given?.ids ?? Array.from({ length: examples }, (_, row) => row),
      labels: read?.labels,
      classNames: read?.classNames ?? names,
      inputs: {
        size: examples,
        shape: [classes],
        read: (start, end) => current.subarray(start * classes, end * classes),
      },
      levels: [null],
      notes: read?.notes ?? [],
    },
    checkpoints: {
      count,
      sources,
      stamps,
      content: () => files.content(),
      async open(index) {
        current = await files.read(index);
        return (rows) => (Array.isArray(rows) ? rows[0] : rows) as never;
      },
      close() {},
    },
  };
}
