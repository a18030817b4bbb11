import { readFile } from 'node:fs/promises';
import { seededRandom, VogError } from '@vogjs/base';
import { findFile } from '@vogjs/example-shared';

/** Label sets of this experiment: three of CIFAR-10N, and the paper's shuffled labels. */
export const LABEL_SETS = ['aggre', 'random1', 'worse', 'shuffled'] as const;
export type LabelSet = (typeof LABEL_SETS)[number];

/** Share of the labels that the paper's memorisation experiment shuffles. */
export const SHUFFLED_SHARE = 0.2;

/** Labels to train with, and what is known about them. */
export interface NoisyLabels {
  readonly given: Int32Array;
  /** 1 where the given label differs from the clean one. */
  readonly wrong: Uint8Array;
  /** 1 where the label took part in the shuffling, which leaves some as they were; null for human labels. */
  readonly shuffled: Uint8Array | null;
}

const FILE = 'cifar10n_labels_6x50000.u8';
const ROWS = ['clean', 'aggre', 'worse', 'random1', 'random2', 'random3'] as const;
const ROW_LENGTH = 50_000;

/**
 * Human labels of the first images of CIFAR-10's training set, from CIFAR-10N (Wei et al., ICLR 2022): six rows of
 * 50,000 bytes.
 */
export async function readHumanLabels(
  set: Exclude<LabelSet, 'shuffled'>,
  clean: Int32Array,
  folder: string | null,
): Promise<NoisyLabels> {
  const what = 'Give --data a folder that holds it beside the images: CIFAR-10N’s labels as six rows of bytes.';
  const bytes = await readFile(findFile(FILE, folder, 'label-noise', what));
  return humanLabels(bytes, set, clean);
}

/** One row of the label file, checked against the labels that came with the images. */
export function humanLabels(bytes: Uint8Array, set: Exclude<LabelSet, 'shuffled'>, clean: Int32Array): NoisyLabels {
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
  return { given, wrong: wrongOf(given, clean), shuffled: null };
}

/**
 * Permutes the labels of a seeded share of the examples among themselves, as the paper's memorisation experiment does.
 * About one in `classes` of them gets the label it had.
 */
export function shuffleLabels(clean: Int32Array, share: number, seed: number): NoisyLabels {
  const random = seededRandom(seed);
  const chosen = random.shuffle(clean.length).subarray(0, Math.round(clean.length * share));
  const order = random.shuffle(chosen.length);
  const given = clean.slice();
  const shuffled = new Uint8Array(clean.length);
  for (const [i, example] of chosen.entries()) {
    given[example] = clean[chosen[order[i] as number] as number] as number;
    shuffled[example] = 1;
  }
  return { given, wrong: wrongOf(given, clean), shuffled };
}

function wrongOf(given: Int32Array, clean: Int32Array): Uint8Array {
  return Uint8Array.from(given, (label, i) => Number(label !== clean[i]));
}
