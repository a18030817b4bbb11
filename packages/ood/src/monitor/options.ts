import { anything, type Check, record, text } from '@vogjs/base';
import { type ProbeOptions, checkedProbe, checkPassOptions, refuseUnknownKeys, VogError } from '@vogjs/core';
import type { Detector } from '../detectors/detector.js';
import type { OodFigures } from '../evaluation/evaluation.js';
import { type OodOptions, readConventions, refuseUnknownOptions } from '../evaluation/options.js';
import { checkDetectors } from '../scoring/detectors.js';
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

const CHECKS: Readonly<Record<string, Check>> = {
  in: anything,
  out: anything,
  detectors: anything,
  fit: record,
  figures: anything,
  evaluation: record,
  keepBest: anything,
  name: text,
};

/** @throws VogError ARGUMENT_INVALID, DETECTOR_INVALID, DETECTOR_DUPLICATE, DETECTOR_NOT_FITTED */
export function checkedOptions(options: OodMonitorOptions): CheckedOptions {
  checkPassOptions('oodMonitor', options, CHECKS);
  const {
    in: inside,
    out,
    detectors,
    fit = null,
    figures = ['auroc'],
    evaluation = {},
    keepBest,
    name = 'ood',
  } = options;
  const { chunkSize, logits, provide } = options;
  if (inside?.inputs === undefined) throw invalid('in must be { inputs }, the in-distribution examples.');
  if (typeof out !== 'object' || out === null || Object.keys(out).length === 0) {
    throw invalid('out must be { inputs }, or sets by name: { noise: { inputs }, textures: { inputs } }.');
  }
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
  if (!Array.isArray(figures) || figures.length === 0)
    throw invalid("figures must name one at least, such as ['auroc'].");
  for (const figure of figures) checkFigure('figures', figure);
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
  given: boolean | KeepBest | undefined,
  detectors: readonly Detector[],
  sets: readonly string[],
): Required<KeepBest> | null {
  if (given === undefined || given === false) return null;
  const choice: KeepBest = given === true ? {} : given;
  refuseUnknownKeys('oodMonitor, keepBest', choice, ['detector', 'figure', 'out']);
  const { detector = detectors[0]!.name, figure = 'auroc', out = sets[0]! } = choice;
  checkFigure('keepBest.figure', figure);
  const among = (what: string, name: string, all: readonly string[]): void => {
    if (!all.includes(name)) throw invalid(`keepBest.${what} is '${name}'; there is: ${all.join(', ')}.`);
  };
  among(
    'detector',
    detector,
    detectors.map((each) => each.name),
  );
  among('out', out, sets);
  return { detector, figure, out };
}

function checkFigure(where: string, figure: unknown): void {
  if (typeof figure === 'string' && Object.hasOwn(BETTER, figure)) return;
  throw invalid(`${where}: '${String(figure)}' is no figure; there is: ${Object.keys(BETTER).join(', ')}.`);
}

function invalid(problem: string): VogError {
  return new VogError('ARGUMENT_INVALID', `oodMonitor: ${problem}`);
}
