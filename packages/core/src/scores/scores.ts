import { columnsOf } from './files.js';
import { shortestDecimal, VogError } from '@vogjs/base';
// By its own door: through the main one a bundler may put what only saved states need into the same piece.
import { npyOfFloats } from '@vogjs/formats/npy';
import type { ExampleId, HardDirection, ScoresInit, Words } from './facts.js';
import { type CsvOptions, encodeCsv } from './csv.js';
import { standardise } from './normalise.js';
import { countRanked, percentilesOf, rank, ranksOf } from './ranking.js';

/** How `normalise` makes scores comparable. */
export type Normalisation = 'none' | 'class' | 'classAbsolute' | 'dataset';

/** One example with its score; a row that `console.table` shows well. */
export interface ScoredExample {
  /** 1 = hardest; equal scores rank in probe order. */
  readonly rank: number;
  /** Position in the probe, from 0. */
  readonly index: number;
  readonly id: ExampleId;
  readonly label: number | null;
  readonly className: string | null;
  /** The shortest decimal of the float32 in `values`: 0.1, not 0.10000000149011612. `Math.fround` gives it back. */
  readonly value: number;
  /** Share of the probe that is easier, in percent, as `percentiles()` has it. */
  readonly percentile: number;
}

/**
 * The scores of one metric in one window: a number for each example of the probe, and what the numbers mean. A score
 * knows which end is hard, so that no caller ever has to.
 *
 * ```ts
 * const scores = await difficulty.scores('vog');
 * console.table(scores.normalise('class').hardest(20));
 * await writeFile('scores.parquet', await scores.toParquet());
 * ```
 */
export class Scores {
  readonly metric: string;
  readonly column: string;
  readonly window: string;
  readonly hardDirection: HardDirection;
  readonly checkpoints: number;
  readonly values: Float32Array;
  readonly ids: readonly ExampleId[];
  readonly labels: Int32Array | null;
  readonly classNames: readonly string[] | undefined;
  readonly notes: readonly string[];
  readonly words: Words | undefined;
  #order: Int32Array | undefined;

  /**
   * Throws `PROBE_EMPTY`, `INPUT_SHAPE` (arrays of unlike length), `IDS_DUPLICATE`, `LABEL_INVALID` (negative, or
   * without a class name) and `ARGUMENT_INVALID`.
   */
  constructor(init: ScoresInit) {
    checkInit(init);
    this.metric = init.metric;
    this.column = init.column;
    this.window = init.window;
    this.hardDirection = init.hardDirection;
    this.checkpoints = init.checkpoints;
    this.values = init.values;
    this.ids = init.ids;
    this.labels = init.labels;
    this.classNames = init.classNames;
    this.notes = init.notes ?? [];
    this.words = init.words;
  }

  /**
   * Positions in the probe, hardest first, [N]. Equal scores stay in probe order. Positions without a score come last:
   * where `values` is NaN there, the example has no rank.
   */
  ranking(): Int32Array {
    return this.#ranked().slice();
  }

  /** The `n` hardest examples, hardest first; fewer where fewer have a score (NaN is none). */
  hardest(n: number): ScoredExample[] {
    checkCount(n);
    return this.#describe(this.#scored().subarray(0, n));
  }

  /** The `n` easiest examples, easiest first; fewer where fewer have a score (NaN is none). */
  easiest(n: number): ScoredExample[] {
    checkCount(n);
    return this.#describe(this.#scored().slice().reverse().subarray(0, n));
  }

  /**
   * Difficulty percentile of each example, [N], 0 to 100, the hardest near 100 whichever direction is hard:
   * 100 (r - 1/2) / n, r the rank from the easiest, tied scores sharing their mean rank. NaN stays NaN, uncounted.
   */
  percentiles(): Float32Array {
    return percentilesOf(this.values, this.#ranked());
  }

  /**
   * New scores, as z-scores by the population standard deviation:
   * `'class'` within each label's examples, `'classAbsolute'` the absolute value of that (the paper's supplement,
   * section B: atypical at either end, so high is hard), `'dataset'` over all examples; `'none'` is these scores.
   * A class of one example or of equal scores gets 0, and `notes` say so. NaN is left out and stays NaN.
   *
   * Throws `ARGUMENT_INVALID` for a normalisation by class without labels. Source: Agarwal et al., CVPR 2022.
   */
  normalise(kind: Normalisation): Scores {
    if (kind === 'none') return this;
    const groupOf = this.#groupOf(kind);
    const { values, notes } = standardise(this.values, groupOf);
    const group = kind === 'dataset' ? 'data set' : 'class';
    const added = [`Normalised: (value - mean) / population standard deviation, of the ${group}.`, ...notes];
    if (kind !== 'classAbsolute') return new Scores({ ...this, values, notes: [...this.notes, ...added] });

    added.push('Absolute values: distance from the class mean, at either end.');
    if (this.hardDirection === 'low') {
      added.push("The hard direction was 'low' and is 'high': an absolute value says how far, not on which side.");
    }
    const absolute = values.map(Math.abs);
    return new Scores({ ...this, values: absolute, hardDirection: 'high', notes: [...this.notes, ...added] });
  }

  /**
   * CSV (RFC 4180) with a header: id, label, class (where there are names), the score under the metric's name,
   * percentile, rank (1 = hardest; empty where the score is NaN). One row an example, in probe order.
   *
   * As it is, every cell holds what the scores hold, byte for byte, and there is no byte order mark: for programs.
   * `{ excel: true }` is for spreadsheets: it begins with a byte order mark, without which Excel takes UTF-8 for
   * something else, and puts an apostrophe before ids, class names and headings that begin with = + - @, a tab or a line
   * end, which a spreadsheet would compute. Files from strangers should be opened in a spreadsheet only in that form.
   *
   * Throws `ARGUMENT_INVALID` for unknown options.
   */
  toCsv(options: CsvOptions = {}): string {
    return encodeCsv(this, options);
  }

  /**
   * The columns of `toCsv` as Parquet; metric, column, window, direction, checkpoints and notes as its metadata. The
   * writer is loaded when it is first asked for: a page that writes no Parquet does not carry it.
   */
  async toParquet(): Promise<Uint8Array> {
    const { encodeParquet } = await import('./parquet.js');
    return encodeParquet(this, columnsOf(this));
  }

  /** The values alone as NPY, float32 [N], in probe order. */
  toNpy(): Uint8Array {
    return npyOfFloats(this.values);
  }

  #ranked(): Int32Array {
    return (this.#order ??= rank(this.values, this.hardDirection));
  }

  /** The positions that have a score, hardest first. */
  #scored(): Int32Array {
    const order = this.#ranked();
    return order.subarray(0, countRanked(this.values, order));
  }

  #describe(indices: Int32Array): ScoredExample[] {
    const percentiles = this.percentiles();
    const ranks = ranksOf(this.#ranked());
    return Array.from(indices, (index) => {
      const label = this.labels?.[index] ?? null;
      return {
        rank: ranks[index]!,
        index,
        id: this.ids[index]!,
        label,
        className: label === null ? null : (this.classNames?.[label] ?? null),
        value: shortestDecimal(this.values[index]!),
        percentile: shortestDecimal(percentiles[index]!),
      };
    });
  }

  #groupOf(kind: Exclude<Normalisation, 'none'>): (index: number) => string {
    const { labels, classNames } = this;
    if (kind === 'dataset') return () => 'the data set';
    if (kind !== 'class' && kind !== 'classAbsolute') {
      throw new VogError(
        'ARGUMENT_INVALID',
        `normalise(${JSON.stringify(kind)}) is not known; expected 'none', 'class', 'classAbsolute' or 'dataset'.`,
      );
    }
    if (labels === null) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `normalise('${kind}') needs labels, and these scores of ${this.metric} have none. ` +
          "Give the tracker labels, or use normalise('dataset').",
      );
    }
    return (index) => {
      const label = labels[index]!;
      return classNames ? `class ${label} (${classNames[label]})` : `class ${label}`;
    };
  }
}

function checkInit({ metric, values, ids, labels, classNames, hardDirection, checkpoints }: ScoresInit): void {
  const of = `Scores of ${metric}`;
  if (!(values instanceof Float32Array))
    throw new VogError('ARGUMENT_INVALID', `${of}: values must be a Float32Array.`);
  if (values.length === 0) throw new VogError('PROBE_EMPTY', `${of}: no values. Scores need at least one example.`);
  for (const [name, array] of Object.entries({ ids, labels })) {
    if (array !== null && array.length !== values.length) {
      throw new VogError(
        'INPUT_SHAPE',
        `${of}: ${name} has length ${array.length}, and values ${values.length}. Pass one of each for every example, in one order.`,
      );
    }
  }
  if (hardDirection !== 'high' && hardDirection !== 'low') {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${of}: hardDirection is ${String(hardDirection)}, expected 'high' or 'low'.`,
    );
  }
  if (!Number.isInteger(checkpoints) || checkpoints < 0) {
    throw new VogError('ARGUMENT_INVALID', `${of}: checkpoints is ${checkpoints}, expected a whole number >= 0.`);
  }
  const wrong = ids.findIndex((id) => typeof id !== 'string' && !Number.isFinite(id));
  if (wrong !== -1) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${of}: id ${wrong} is ${String(ids[wrong])}, expected a string or a number.`,
    );
  }
  // As text, as files have them: there 1 and '1' are one id.
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(String(id)).size);
  if (twice !== undefined) {
    throw new VogError(
      'IDS_DUPLICATE',
      `${of}: id ${JSON.stringify(twice)} is given twice. Ids must be unique, as text too.`,
    );
  }
  const at = labels?.findIndex((label) => label < 0 || label >= (classNames?.length ?? Infinity)) ?? -1;
  if (at !== -1) {
    const expected = classNames ? `0 to ${classNames.length - 1}, which have names` : 'a class index >= 0';
    throw new VogError(
      'LABEL_INVALID',
      `${of}: label ${labels![at]} of example ${at} is out of range, expected ${expected}.`,
    );
  }
}

function checkCount(n: number): void {
  if (!Number.isInteger(n) || n < 0) {
    throw new VogError('ARGUMENT_INVALID', `The number of examples is ${n}, expected a whole number >= 0.`);
  }
}
