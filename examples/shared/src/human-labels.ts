import { readFile } from 'node:fs/promises';
import { VogError } from '@vogjs/base';
import { findFile } from './data.js';

/** Label sets that people gave the training images of CIFAR-10. */
export const HUMAN_LABEL_SETS = ['aggre', 'worse', 'random1', 'random2', 'random3'] as const;
export type HumanLabelSet = (typeof HUMAN_LABEL_SETS)[number];

/** Labels to train with, and which of them are wrong. */
export interface HumanLabels {
  readonly given: Int32Array;
  /** 1 where the given label differs from the clean one. */
  readonly wrong: Uint8Array;
}

const FILE = 'cifar10n_labels_6x50000.u8';
const ROWS = ['clean', ...HUMAN_LABEL_SETS] as const;
const ROW_LENGTH = 50_000;

/**
 * Human labels of the first images of CIFAR-10's training set, from CIFAR-10N (Wei et al., ICLR 2022): six rows of
 * 50,000 bytes.
 */
export async function readHumanLabels(
  set: HumanLabelSet,
  clean: Int32Array,
  folder: string | null,
): Promise<HumanLabels> {
  const what = 'Give --data a folder that holds it beside the images: CIFAR-10N’s labels as six rows of bytes.';
  const bytes = await readFile(findFile(FILE, folder, 'label-noise', what));
  return humanLabels(bytes, set, clean);
}

/** One row of the label file, checked against the labels that came with the images. */
export function humanLabels(bytes: Uint8Array, set: HumanLabelSet, clean: Int32Array): HumanLabels {
  if (bytes.length !== ROWS.length * ROW_LENGTH) {
    throw new VogError(
      'FORMAT_INVALID',
      `${FILE} has ${bytes.length} bytes, expected ${ROWS.length} rows (${ROWS.join(', ')}) of ${ROW_LENGTH}.`,
    );
  }
  const row = (name: (typeof ROWS)[number]) =>
    bytes.subarray(ROWS.indexOf(name) * ROW_LENGTH).subarray(0, clean.length);
  const differs = row('clean').findIndex((label, i) => label !== clean[i]);
  if (differs !== -1) {
    throw new VogError(
      'PROBE_MISMATCH',
      `${FILE} says that image ${differs} is of class ${row('clean')[differs]}, and the images say ${clean[differs]}. ` +
        'Give the training images in their canonical order: data_batch_1 first.',
    );
  }
  const given = Int32Array.from(row(set));
  return { given, wrong: wrongLabels(given, clean) };
}

/** 1 where two lists of labels differ. */
export function wrongLabels(given: Int32Array, clean: Int32Array): Uint8Array {
  return Uint8Array.from(given, (label, i) => Number(label !== clean[i]));
}
