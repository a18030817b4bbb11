import { checkArgument, oneOf, refuseUnknownKeys, VogError } from '@vogjs/base';
import { boundsOf, type OodBounds } from './bounds.js';
import { evaluationOf, type OodEvaluation, type OodFigures } from './evaluation.js';
import { SideHistogram } from './histogram.js';
import { conventionNames, readConventions, type OodOptions } from './options.js';
import { readSide, type OodDirection, type OodSide } from './sides.js';

/** An evaluation from bins, with bounds on what the exact one would say. */
export interface StreamedOodEvaluation extends Omit<OodEvaluation, 'ties' | 'counts'> {
  readonly counts: { readonly in: number; readonly out: number; readonly bins: number };
  /** The exact figure lies within these, always: they are no confidence interval. */
  readonly bounds: OodBounds;
  /** Every distinct score has a bin of its own: the figures are exact. */
  readonly exact: boolean;
}

/** Options of `streamingOodEvaluation`: those of `evaluateOod`, and the size. */
export interface StreamingOodOptions extends OodOptions {
  /** The most bins to keep, each of about 100 bytes; 65,536 unless told. */
  readonly bins?: number;
}

/** An evaluation that takes its scores in batches. */
export interface StreamingOodEvaluation {
  /** Adds scores of one side. */
  push(side: 'in' | 'out', scores: OodSide): void;
  /** Adds all that another one holds, which stays as it is. */
  merge(other: StreamingOodEvaluation): void;
  /** The figures so far. Pushing may go on afterwards. */
  result(): StreamedOodEvaluation;
}

/**
 * `evaluateOod` for scores that do not fit in memory, or that come in several parts. It counts in bins of float32
 * values. Figures are exact while there are no more distinct float32 scores than bins, and have bounds after that.
 * Neither the order nor the split of the scores changes anything.
 *
 * ```ts
 * const evaluation = streamingOodEvaluation({ oodDirection: 'low' });
 * for await (const batch of batches) evaluation.push(batch.side, batch.scores);
 * const { auroc, bounds } = evaluation.result();       // bounds.auroc: { low, high }, certain
 * ```
 *
 * AUROC is off by at most half the sum over bins of p_in(b) p_out(b), which `bounds` holds as measured. Thresholds are ends
 * of bins, for scores rounded to float32. Bins are float32 values that share their leading bits: finer near 0.
 *
 * @throws VogError ARGUMENT_INVALID; `push`: INPUT_NOT_FINITE (NaN), SAMPLE_TOO_SMALL (an empty batch); `merge`:
 * STATE_MISMATCH (other options); `result`: SAMPLE_TOO_SMALL (an empty side)
 */
export function streamingOodEvaluation(options: StreamingOodOptions = {}): StreamingOodEvaluation {
  refuseUnknownKeys('streamingOodEvaluation', options, ['oodDirection', ...conventionNames, 'bins']);
  const { oodDirection, bins = 65_536, ...rest } = options;
  if (oodDirection !== undefined)
    checkArgument('streamingOodEvaluation', 'oodDirection', oodDirection, oneOf('high', 'low'));
  if (!Number.isInteger(bins) || bins < 2 || bins > 2 ** 24) {
    throw new VogError('ARGUMENT_INVALID', `bins is ${bins}; it must be a whole number from 2 to 2^24.`);
  }
  const conventions = readConventions(rest);
  if (conventions.tprRule === 'nearest') {
    throw new VogError(
      'ARGUMENT_INVALID',
      "tprRule 'nearest' (the preset 'outlier-exposure') cannot be bounded from bins; use evaluateOod, or tprRule 'reached'.",
    );
  }
  return new Streamed(new SideHistogram(bins), conventions, oodDirection);
}

class Streamed implements StreamingOodEvaluation {
  readonly #histogram: SideHistogram;
  readonly #conventions: ReturnType<typeof readConventions>;
  readonly #direction: OodDirection | undefined;
  readonly #counts = { in: 0, out: 0 };
  #declared: Declaration | undefined;

  constructor(
    histogram: SideHistogram,
    conventions: ReturnType<typeof readConventions>,
    direction: OodDirection | undefined,
  ) {
    this.#histogram = histogram;
    this.#conventions = conventions;
    this.#direction = direction;
  }

  push(side: 'in' | 'out', scores: OodSide): void {
    if (side !== 'in' && side !== 'out') {
      throw new VogError('ARGUMENT_INVALID', `The side is ${JSON.stringify(side)}; it must be 'in' or 'out'.`);
    }
    const { confidence, oodDirection, detector } = readSide('scores', scores, this.#direction);
    this.#declare({ oodDirection, detector });
    for (const value of confidence) this.#histogram.add(side === 'in' ? 0 : 1, value);
    this.#counts[side] += confidence.length;
  }

  merge(other: StreamingOodEvaluation): void {
    if (!(other instanceof Streamed) || other === this || !this.#isLike(other)) {
      throw new VogError(
        'STATE_MISMATCH',
        'Only another streamingOodEvaluation with the same options can be merged into this one, and not itself.',
      );
    }
    if (other.#declared === undefined) return;
    this.#declare(other.#declared);
    this.#histogram.merge(other.#histogram);
    this.#counts.in += other.#counts.in;
    this.#counts.out += other.#counts.out;
  }

  result(): StreamedOodEvaluation {
    const declared = this.#declared;
    const empty = (['in', 'out'] as const).find((side) => this.#counts[side] === 0);
    if (declared === undefined || empty !== undefined) {
      throw new VogError(
        'SAMPLE_TOO_SMALL',
        `No score of the side '${empty}' was pushed; an evaluation compares at least one of each.`,
      );
    }
    const levels = this.#histogram.levels();
    const { ties: _ties, warnings, ...whole } = evaluationOf(levels, { ...this.#conventions, ...declared });
    const { auroc, auprIn, auprOut, fprAtTpr, detectionError } = whole;
    const figures = { auroc, auprIn, auprOut, fprAtTpr, detectionError };
    const exact = this.#histogram.coarseness === 0 && this.#histogram.isFloat32;
    return {
      ...whole,
      counts: { ...this.#counts, bins: levels.confidence.length },
      bounds: exact ? pointsOf(figures) : boundsOf(levels, figures, this.#conventions),
      exact,
      // Scores that share a bin need not be tied.
      warnings: warnings.filter(({ code }) => exact || code !== 'SCORES_TIED'),
    };
  }

  #isLike(other: Streamed): boolean {
    const settingsOf = (one: Streamed): string => JSON.stringify([one.#conventions, one.#histogram.maximum]);
    return settingsOf(this) === settingsOf(other);
  }

  #declare(next: Declaration): void {
    const declared = (this.#declared ??= next);
    for (const key of ['oodDirection', 'detector'] as const) {
      if (declared[key] === next[key]) continue;
      throw new VogError(
        'ARGUMENT_INVALID',
        `These scores have ${key} ${JSON.stringify(next[key])}, those before ${JSON.stringify(declared[key])}: ` +
          'an evaluation is of one detector.',
      );
    }
  }
}

type Declaration = Pick<OodEvaluation, 'oodDirection' | 'detector'>;

function pointsOf(figures: OodFigures): OodBounds {
  const entries = Object.entries(figures).map(([name, value]) => [name, { low: value, high: value }]);
  return Object.fromEntries(entries) as OodBounds;
}
