// Label errors: both tools' scores against the labels that are known to be wrong.
import { findLabelErrors, type LabelErrors, type LabelEvidence } from '@vogjs/issues';
import {
  bootstrapRows,
  compareDetection,
  evaluateDetection,
  type DifficultyScores,
  type Interval,
} from '@vogjs/statistics';
import type { CaseData } from './cases.js';
import type { PeerScores } from './peer.js';
import type { TrainedOutputs } from './training.js';

const RESAMPLES = 200;

/** Outputs of the last epoch of the networks that left each example out, as both tools are given them. */
export function heldOutProbabilities(
  { heldOut }: TrainedOutputs,
  { labels, classes }: CaseData,
): NonNullable<LabelEvidence['heldOutProbabilities']> & { data: Float32Array } {
  const size = labels.length * classes;
  const data = heldOut.slice(heldOut.length - size);
  for (let start = 0; start < size; start += classes) softmaxInto(data.subarray(start, start + classes));
  return { data, shape: [labels.length, classes] };
}

/** Mean loss, AUM, EL2N and margin of the training on all examples. */
function trajectoriesOf({ trained }: TrainedOutputs, { labels, classes }: CaseData): Record<string, DifficultyScores> {
  const size = labels.length;
  const epochs = trained.length / size / classes;
  const [loss, aum, el2n, margin] = Array.from({ length: 4 }, () => new Float64Array(size));
  for (let t = 0; t < epochs; t++) {
    for (const [i, label] of labels.entries()) {
      const logits = trained.slice((t * size + i) * classes, (t * size + i + 1) * classes);
      const own = logits[label]!;
      const other = Math.max(...logits.filter((_, c) => c !== label));
      aum![i]! += (own - other) / epochs;
      const p = softmaxInto(logits);
      loss![i]! -= Math.log(Math.max(1e-30, p[label]!)) / epochs;
      margin![i]! += (p[label]! - Math.max(...p.filter((_, c) => c !== label))) / epochs;
      el2n![i]! += Math.hypot(...p.map((value, c) => value - Number(c === label))) / epochs;
    }
  }
  return {
    'mean-loss': { values: loss!, hardDirection: 'high' },
    aum: { values: aum!, hardDirection: 'low' },
    el2n: { values: el2n!, hardDirection: 'high' },
    margin: { values: margin!, hardDirection: 'low' },
  };
}

function softmaxInto(logits: Float32Array): Float32Array {
  const most = Math.max(...logits);
  let sum = 0;
  for (const [c, logit] of logits.entries()) sum += logits[c] = Math.exp(logit - most);
  for (let c = 0; c < logits.length; c++) logits[c]! /= sum;
  return logits;
}

export interface LabelRow {
  readonly name: string;
  readonly auroc: Interval | number;
  readonly averagePrecision: Interval | number;
  /** Precision at as many examples as there are errors. */
  readonly precision: Interval | number;
  readonly flagged?: { readonly count: number; readonly precision: number; readonly recall: number };
}

export interface LabelComparison {
  readonly rows: readonly LabelRow[];
  /** Ours less Datalab's. */
  readonly difference: Omit<LabelRow, 'name' | 'flagged'>;
  /** Errors there are, and how many each way of counting estimates. */
  readonly errors: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Of one core, for ours. */
  readonly seconds: number;
}

export function compareLabels(data: CaseData, outputs: TrainedOutputs, peer: PeerScores): LabelComparison {
  const { labels, wrong } = data;
  const began = process.cpuUsage();
  const evidence: LabelEvidence = {
    labels,
    heldOutProbabilities: heldOutProbabilities(outputs, data),
    trajectories: trajectoriesOf(outputs, data),
    features: { data: outputs.features, shape: [labels.length, outputs.width] },
  };
  const found = findLabelErrors(evidence);
  const seconds = process.cpuUsage(began).user / 1e6;
  const { heldOutProbabilities: held, trajectories, features } = evidence;
  const alone: Record<string, LabelErrors> = {
    'held-out outputs alone': findLabelErrors({ labels, heldOutProbabilities: held }),
    'trajectories alone': findLabelErrors({ labels, trajectories }),
    'neighbours alone': findLabelErrors({ labels, features }),
  };
  const datalab: DifficultyScores = { values: peer.scores, hardDirection: 'low' };
  const ours: DifficultyScores = { values: found.scores, hardDirection: 'high' };
  const options = { resamples: RESAMPLES, seed: 1 };
  const compared = compareDetection(ours, datalab, wrong, options);
  const [first, second, difference] = precisions(ours, datalab, wrong);
  const rows: LabelRow[] = [
    { name: '**VoG.js**', ...compared.first, precision: first!, flagged: qualityOf(found.flagged, wrong) },
    { name: 'Datalab', ...compared.second, precision: second!, flagged: qualityOf(peer.flags, wrong) },
    ...Object.entries(alone).map(([name, { scores, flagged }]): LabelRow => {
      const single: DifficultyScores = { values: scores, hardDirection: 'high' };
      const { auroc, averagePrecision } = evaluateDetection(single, wrong);
      const precision = precisionAt(single, wrong, everyRow(wrong.length));
      return { name, auroc, averagePrecision, precision, flagged: qualityOf(flagged, wrong) };
    }),
  ];
  const counts = Object.fromEntries(
    (['confident', 'mixture', 'otsu'] as const).map((count) => [
      count,
      findLabelErrors(evidence, { count }).estimated.count,
    ]),
  );
  const errors = wrong.reduce((sum, each) => sum + each, 0);
  return { rows, difference: { ...compared.difference, precision: difference! }, errors, counts, seconds };
}

/** Precision of both at the number of errors, and their difference, on the same resamples. */
function precisions(first: DifficultyScores, second: DifficultyScores, wrong: Uint8Array): readonly Interval[] {
  const evaluate = (rows: Uint32Array): readonly number[] => {
    const [one, other] = [precisionAt(first, wrong, rows), precisionAt(second, wrong, rows)];
    return [one, other, one - other];
  };
  return bootstrapRows(wrong.length, evaluate, { resamples: RESAMPLES, seed: 1, strata: wrong });
}

/** Share of wrong labels among as many of the rows with the worst scores as the rows have errors. */
function precisionAt({ values, hardDirection }: DifficultyScores, wrong: Uint8Array, rows: Uint32Array): number {
  const sign = hardDirection === 'high' ? -1 : 1;
  const errors = rows.reduce((sum, row) => sum + wrong[row]!, 0);
  const order = Float64Array.from(rows, (row) => sign * values[row]!);
  const ranking = Uint32Array.from(rows.keys()).sort((a, b) => order[a]! - order[b]! || rows[a]! - rows[b]!);
  return ranking.subarray(0, errors).reduce((sum, place) => sum + wrong[rows[place]!]!, 0) / errors;
}

const everyRow = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, row) => row);

export function qualityOf(flags: ArrayLike<number>, truth: ArrayLike<number>): NonNullable<LabelRow['flagged']> {
  let [count, hits, all] = [0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    count += flags[i]!;
    all += truth[i]!;
    hits += flags[i]! * truth[i]!;
  }
  return { count, precision: hits / count, recall: hits / all };
}
