import { refuseUnknownKeys, VogError } from '@vogjs/base';
import { bootstrapRows, type BootstrapOptions, type Interval } from '@vogjs/statistics';
import { evaluationOf, measure, type OodEvaluation, type OodFigures } from './evaluation.js';
import { levelsOf } from './levels.js';
import type { OodConventions } from './conventions.js';
import { conventionNames, readConventions, type OodOptions } from './options.js';
import { readSides, type OodSide } from './sides.js';

/** The scores of one detector on both sides. */
export interface OodPair {
  readonly in: OodSide;
  readonly out: OodSide;
}

/** Each figure with its bootstrap interval. */
export type OodIntervals = { readonly [Figure in keyof OodFigures]: Interval };

/** Detectors on the same examples. */
export interface OodComparison {
  /** The detector that the others are compared with. */
  readonly reference: string;
  readonly detectors: Readonly<
    Record<
      string,
      {
        readonly evaluation: OodEvaluation;
        readonly intervals: OodIntervals;
        /**
         * This detector minus the reference, on the same resamples; null for the reference itself. An interval that
         * excludes 0 tells the two apart. Lower is better for `fprAtTpr` and `detectionError`.
         */
        readonly difference: OodIntervals | null;
      }
    >
  >;
}

/** Options of `compareOod`: those of `evaluateOod`, and of the bootstrap. */
export interface OodComparisonOptions extends OodOptions, Omit<BootstrapOptions, 'strata'> {
  /** The detector to compare with; the first one unless told. */
  readonly reference?: string;
}

const figureNames = ['auroc', 'auprIn', 'auprOut', 'fprAtTpr', 'detectionError'] as const;

/**
 * Are these detectors different, or were these examples? Every figure of every detector with a bootstrap interval, and
 * the differences to one of them. Both sides are resampled, each from itself and at its own size, and every detector
 * sees the same examples in every resample, so that what they share cancels.
 *
 * ```ts
 * const { detectors } = compareOod({ msp: { in: inScores.msp, out: outScores.msp }, energy: … }, { reference: 'msp' });
 * detectors.energy.difference.auroc;        // { estimate, low, high, … }
 * ```
 *
 * The interval speaks of other examples from the same two sources, for this one model: not of other training runs, nor of
 * other kinds of OoD data. Of many differences, some exclude 0 by chance. One resample costs a pass over the examples for
 * each detector; `method: 'bca'` adds a pass for each example, which is slow from about 20,000 on.
 *
 * @param detectors by name; the same examples in the same order for each
 * @throws VogError PROBE_MISMATCH (detectors on different numbers of examples), ARGUMENT_INVALID, and as `evaluateOod`
 * and `bootstrap`
 */
export function compareOod(
  detectors: Readonly<Record<string, OodPair>>,
  options: OodComparisonOptions = {},
): OodComparison {
  const bootstrapNames = ['resamples', 'seed', 'level', 'method'];
  refuseUnknownKeys('compareOod', options, ['reference', 'oodDirection', ...conventionNames, ...bootstrapNames]);
  for (const [name, pair] of Object.entries({ detectors, ...detectors })) {
    if (typeof pair === 'object' && pair !== null && !Array.isArray(pair)) continue;
    throw new VogError(
      'ARGUMENT_INVALID',
      `compareOod: ${name} is ${String(pair)}; expected the scores of each detector on both sides, { in, out }, by its name.`,
    );
  }
  const { reference = Object.keys(detectors)[0], oodDirection, resamples, seed, level, method, ...rest } = options;
  if (reference === undefined || !Object.hasOwn(detectors, reference)) {
    const names = Object.keys(detectors).join(', ') || 'none';
    throw new VogError(
      'ARGUMENT_INVALID',
      `The reference ${reference ?? 'detector'} is not among the detectors: ${names}.`,
    );
  }
  const { preset, ...conventions } = readConventions(rest);
  const names = [reference, ...Object.keys(detectors).filter((name) => name !== reference)];
  const evaluated = names.map((name) => ({ name, ...resampledOf(detectors[name]!, oodDirection, conventions) }));
  const [{ ins, outs }] = evaluated as [(typeof evaluated)[number]];
  for (const { name, ins: otherIns, outs: otherOuts } of evaluated) {
    if (otherIns === ins && otherOuts === outs) continue;
    throw new VogError(
      'PROBE_MISMATCH',
      `${name} scored ${otherIns} and ${otherOuts} examples, ${reference} ${ins} and ${outs}. A paired comparison needs ` +
        'the same examples, in the same order, for every detector.',
    );
  }
  const evaluate = (rows: Uint32Array): number[] => {
    const figures = evaluated.map(({ figuresOf }) => figuresOf(rows));
    const differences = figures.slice(1).map((own) => own.map((value, index) => value - figures[0]![index]!));
    return [...figures, ...differences].flat();
  };
  const settings = Object.entries({ resamples, seed, level, method }).filter(([, value]) => value !== undefined);
  const strata = new Uint8Array(ins + outs).fill(1, ins);
  const intervals = bootstrapRows(ins + outs, evaluate, { ...Object.fromEntries(settings), strata });
  const named = (group: number): OodIntervals =>
    Object.fromEntries(
      figureNames.map((figure, index) => [figure, intervals[group * figureNames.length + index]!]),
    ) as unknown as OodIntervals;
  const entries = evaluated.map(({ name, levels, context }, index) => {
    const evaluation = evaluationOf(levels, { ...conventions, ...context, preset });
    const difference = index === 0 ? null : named(names.length + index - 1);
    return [name, { evaluation, intervals: named(index), difference }] as const;
  });
  const byName = new Map(entries);
  return { reference, detectors: Object.fromEntries(Object.keys(detectors).map((name) => [name, byName.get(name)!])) };
}

/** One detector, ranked once; then the figures of any rows of both sides, a row drawn twice counting twice. */
function resampledOf(pair: OodPair, direction: OodOptions['oodDirection'], conventions: OodConventions) {
  const { inConfidence, outConfidence, oodDirection, detector } = readSides(pair.in, pair.out, direction);
  const levels = levelsOf(inConfidence, outConfidence);
  const ins = inConfidence.length;
  const levelOf = new Uint32Array(ins + outConfidence.length);
  for (const [row, value] of inConfidence.entries()) levelOf[row] = levelAt(levels.confidence, value);
  for (const [row, value] of outConfidence.entries()) levelOf[ins + row] = levelAt(levels.confidence, value);
  const size = levels.confidence.length;
  const [inHere, outHere] = [new Float64Array(size), new Float64Array(size)];
  const drawn = {
    confidence: new Float64Array(size),
    inAbove: new Float64Array(size),
    outAbove: new Float64Array(size),
  };
  const figuresOf = (rows: Uint32Array): number[] => {
    inHere.fill(0);
    outHere.fill(0);
    for (const row of rows) (row < ins ? inHere : outHere)[levelOf[row]!]!++;
    let kept = 0;
    let [inAbove, outAbove] = [0, 0];
    for (let level = 0; level < size; level++) {
      // A level that was not drawn is no threshold.
      if (inHere[level] === 0 && outHere[level] === 0) continue;
      drawn.inAbove[kept] = inAbove += inHere[level]!;
      drawn.outAbove[kept] = outAbove += outHere[level]!;
      kept++;
    }
    const ranked = {
      confidence: drawn.confidence.subarray(0, kept),
      inAbove: drawn.inAbove.subarray(0, kept),
      outAbove: drawn.outAbove.subarray(0, kept),
    };
    const { figures } = measure(ranked, conventions);
    return figureNames.map((name) => figures[name]);
  };
  return { ins, outs: outConfidence.length, levels, context: { oodDirection, detector }, figuresOf };
}

/** The index of a value in a falling list that holds it. */
function levelAt(falling: Float64Array, value: number): number {
  let [low, high] = [0, falling.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (falling[middle]! > value) low = middle + 1;
    else high = middle;
  }
  return low;
}
