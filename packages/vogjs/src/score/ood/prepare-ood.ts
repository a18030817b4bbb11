import { hashStrings, VogError } from '@vogjs/base';
import type { ScorableModel } from '@vogjs/core';
import { fitDetectors, scoreOod } from '@vogjs/ood';
import type { ResolvedConfig } from '../config/options.js';
import type { Dataset } from '../data/dataset.js';
import { type ChosenDetectors, chooseDetectors } from './detectors.js';
import { type OodSet, readSets } from './sets.js';

/** An out-of-distribution evaluation beside a run: read and checked. */
export interface Ood {
  /** The in-distribution one first. */
  readonly sets: readonly OodSet[];
  readonly detectors: ChosenDetectors;
  /** Tells the sets from others. */
  readonly fingerprint: string;
}

/**
 * The sets and detectors that the options name; undefined where they name none.
 *
 * @throws VogError CONFIG_INVALID for one set alone, DETECTOR_UNKNOWN, and those of the readers
 */
export async function prepareOod(config: ResolvedConfig, dataset: Dataset): Promise<Ood | undefined> {
  const { oodIn, oodOut, detectors: names } = config;
  if (oodIn === undefined && oodOut === undefined && names === undefined) return undefined;
  if (oodIn === undefined || oodOut === undefined) {
    throw new VogError(
      'CONFIG_INVALID',
      'Two sets at least are compared. Give --ood-in, examples like the data that were not trained on, and --ood-out, others.',
    );
  }
  const detectors = chooseDetectors(names);
  const sets = await readSets([oodIn, ...oodOut], dataset);
  return { sets, detectors, fingerprint: hashStrings(sets.flatMap(({ name, fingerprint }) => [name, fingerprint])) };
}

/**
 * Has the detectors fit and score, before hours are spent on a training whose network or data they cannot take.
 *
 * @param model of the same layers as the one that will be scored
 * @throws VogError those of `fitDetectors` and `scoreOod`
 */
export async function tryDetectors({ sets, detectors }: Ood, model: ScorableModel, dataset: Dataset): Promise<void> {
  const { inputs, labels, classNames } = dataset;
  if (detectors.last.length === 0) return;
  const fitted = await fitDetectors(model, { inputs, labels, classNames }, detectors.last);
  for (const { inputs: all } of sets) {
    await scoreOod(
      model,
      { inputs: { size: 1, shape: all.shape, read: (start, end) => all.read(start, end) } },
      fitted,
    );
  }
}
