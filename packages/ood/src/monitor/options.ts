import { record } from '@vogjs/base';
import { anyOf, declareOptions, fits, flag, listOf, oneOf, text } from '@vogjs/base/options';
import { type ProbeOptions, checkedProbe, checkPassOptions, VogError } from '@vogjs/core';
import type { Detector } from '../detectors/detector.js';
import type { OodFigures } from '../evaluation/evaluation.js';
import { type OodOptions, readConventions, refuseUnknownOptions } from '../evaluation/options.js';
import { checkDetectors } from '../scoring/detectors.js';
import { passOptions } from '../scoring/pass-options.js';
import type { ScoreOptions } from '../scoring/score.js';

/** A figure of `evaluateOod`. */
export type OodFigure = keyof OodFigures;

/** Which end of each figure is the good one. */
export const BETTER: Readonly<Record<OodFigure, 'high' | 'low'>> = {
  auroc: 'high',
  auprIn: 'high',
  auprOut: 'high',
  fprAtTpr: 'low',
  detectionError: 'low',
};

/** Which figure chooses the best checkpoint. */
export interface KeepBest {
  /** A detector's name. Default: the first. */
  readonly detector?: string;
  /** Default `'auroc'`. The best is the highest, of `fprAtTpr` and `detectionError` the lowest. */
  readonly figure?: OodFigure;
  /** A set's name, where `out` has names. Default: the first. */
  readonly out?: string;
}

/** Options of `oodMonitor`. */
export interface OodMonitorOptions extends Omit<ScoreOptions, 'onProgress'> {
  /** In-distribution examples, that the model is not trained on. */
  readonly in: ProbeOptions;
  /** Out-of-distribution examples: one set, or several by name. Tune nothing on sets that you report later. */
  readonly out: ProbeOptions | Readonly<Record<string, ProbeOptions>>;
  readonly detectors: readonly Detector[];
  /** What detectors are fitted on, anew at each checkpoint. Needed when one of them has to be. */
  readonly fit?: ProbeOptions;
  /** Figures for events and logs. Default `['auroc']`. */
  readonly figures?: readonly OodFigure[];
  /** Conventions of the evaluation; see `evaluateOod`. */
  readonly evaluation?: Omit<OodOptions, 'oodDirection'>;
  /** Keeps the weights of the checkpoint that is best by a figure, for `restoreBest`. Default: none are kept. */
  readonly keepBest?: boolean | KeepBest;
  /** Name among the monitors of a tracker, and the start of its keys in the logs. Default `'ood'`. */
  readonly name?: string;
}

/** Options with every choice made, and checked. */
export interface CheckedOptions {
  readonly name: string;
  readonly inside: ProbeOptions;
  /** Without names the one set has the name ''. */
  readonly outside: readonly (readonly [string, ProbeOptions])[];
  readonly detectors: readonly Detector[];
  readonly fit: ProbeOptions | null;
  readonly figures: readonly OodFigure[];
  readonly evaluation: Omit<OodOptions, 'oodDirection'>;
  readonly keepBest: Required<KeepBest> | null;
  readonly pass: ScoreOptions;
}

const figure = oneOf('auroc', 'auprIn', 'auprOut', 'fprAtTpr', 'detectionError');
const anything = (): true => true;
/** Examples of one set; what they are is looked at in detail. */
const examples = fits<ProbeOptions>(
  '{ inputs }',
  (value) => (value as Partial<ProbeOptions> | null)?.inputs !== undefined,
);

const declared = declareOptions('oodMonitor', {
  in: examples.required().about('In-distribution examples, that the model is not trained on.'),
  out: fits<OodMonitorOptions['out']>(
    '{ inputs }, or sets by name: { noise: { inputs }, textures: { inputs } }',
    isSets,
  )
    .required()
    .about('Out-of-distribution examples: one set, or several by name.'),
  detectors: fits<readonly Detector[]>('a list of detectors', anything).required().about('Detectors to evaluate.'),
  fit: fits<ProbeOptions>('{ inputs, labels }', record.holds)
    .optional('no detector learns')
    .about('What detectors are fitted on, anew at each checkpoint.'),
  figures: listOf(figure, 1).default(['auroc']).about('Figures for events and logs.'),
  evaluation: fits<NonNullable<OodMonitorOptions['evaluation']>>('an object of conventions', record.holds)
    .default({})
    .about('Conventions of the evaluation, as `evaluateOod` takes them.'),
  keepBest: anyOf(flag(), fits<KeepBest>('{ detector, figure, out }', record.holds))
    .default(false)
    .about('Whether, and by which figure, the weights of the best checkpoint are kept.'),
  name: text().default('ood').about('Name among the monitors of a tracker, and the start of its keys in the logs.'),
  ...passOptions,
});

const best = declareOptions('oodMonitor, keepBest', {
  detector: text().optional('the first').about('Name of the detector that counts.'),
  figure: figure.about('The figure that counts.'),
  out: fits<string>('the name of a set', (value) => typeof value === 'string')
    .optional('the first')
    .about('Name of the set that counts.'),
});

function isSets(value: unknown): boolean {
  return record.holds(value) && Object.keys(value as object).length > 0;
}

/** @throws VogError ARGUMENT_INVALID, DETECTOR_INVALID, DETECTOR_DUPLICATE, DETECTOR_NOT_FITTED */
export function checkedOptions(options: OodMonitorOptions): CheckedOptions {
  const {
    in: inside,
    out,
    detectors,
    fit = null,
    figures,
    evaluation,
    keepBest,
    name,
    ...given
  } = declared.resolve(options);
  const { chunkSize, logits, provide } = given;
  checkPassOptions('oodMonitor', given);
  const outside: [string, ProbeOptions][] =
    'inputs' in out ? [['', out as ProbeOptions]] : Object.entries(out as Readonly<Record<string, ProbeOptions>>);
  const bare = outside.find(([, set]) => set?.inputs === undefined);
  if (bare !== undefined) throw invalid(`out.${bare[0]} must be { inputs }.`);
  checkedProbe('oodMonitor, in', inside);
  for (const [set, probe] of outside) checkedProbe(`oodMonitor, out${set === '' ? '' : `.${set}`}`, probe);
  if (fit !== null) checkedProbe('oodMonitor, fit', fit);
  checkDetectors('oodMonitor', detectors);
  const unfitted = detectors.find((detector) => detector.fit !== undefined);
  if (unfitted !== undefined && fit === null) {
    throw new VogError(
      'DETECTOR_NOT_FITTED',
      `oodMonitor: detector '${unfitted.name}' has to learn at each checkpoint. Give fit: { inputs, labels }, a part of the training set.`,
    );
  }
  if (unfitted === undefined && fit !== null) throw invalid('fit is given, but none of the detectors learns anything.');
  refuseUnknownOptions('oodMonitor, evaluation', evaluation);
  readConventions(evaluation);
  return {
    name,
    inside,
    outside,
    detectors,
    fit,
    figures,
    evaluation,
    keepBest: keepBestOf(
      keepBest,
      detectors,
      outside.map(([set]) => set),
    ),
    pass: {
      ...(chunkSize === undefined ? {} : { chunkSize }),
      ...(logits === undefined ? {} : { logits }),
      ...(provide === undefined ? {} : { provide }),
    },
  };
}

function keepBestOf(
  given: boolean | KeepBest,
  detectors: readonly Detector[],
  sets: readonly string[],
): Required<KeepBest> | null {
  if (given === false) return null;
  const { detector = detectors[0]!.name, figure: by, out = sets[0]! } = best.resolve(given === true ? {} : given);
  const among = (what: string, name: string, all: readonly string[]): void => {
    if (!all.includes(name)) throw invalid(`keepBest.${what} is '${name}'; there is: ${all.join(', ')}.`);
  };
  among(
    'detector',
    detector,
    detectors.map((each) => each.name),
  );
  among('out', out, sets);
  return { detector, figure: by, out };
}

function invalid(problem: string): VogError {
  return new VogError('ARGUMENT_INVALID', `oodMonitor: ${problem}`);
}
