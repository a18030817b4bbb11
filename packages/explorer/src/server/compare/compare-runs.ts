import { percentilesOf, spearman } from '@vogjs/statistics';
import type { ApiComparison, CorrectedExample, MovedExample } from '../../api/comparison.js';
import { Refusal } from '../http/refusal.js';
import { listColumns } from '../runs/columns.js';
import type { ServedRun } from '../runs/served-run.js';
import { accuracyOf, type Pairs } from './accuracy.js';
import { readSide, type Side } from './side.js';

/** Examples in each list; more is for the gallery. */
const LISTED = 48;
/** Percentiles that part the easy half and the hardest tenth. */
const [EASY, HARD] = [50, 90];

/**
 * What changed between two runs of the same examples, by id: ranks, labels, what is predicted.
 *
 * @param column the score to compare by, its number in the run before; undefined for that run's own
 */
export async function compareRuns(
  servedBefore: ServedRun,
  servedAfter: ServedRun,
  column: number | undefined,
): Promise<ApiComparison> {
  const [before, after] = await Promise.all([readSide(servedBefore), readSide(servedAfter)]);
  const pairs = pairsOf(before, after);
  const scores = listColumns(before.table)
    .filter(({ kind, name }) => kind === 'score' && after.table.columns.some((other) => other.name === name))
    .map((each) => ({ column: each.column, name: each.name }));
  const name = nameOf(scores, column, [before.table.primary, after.table.primary]);
  const score = before.table.columns.find((each) => each.name === name);
  const ranks = score === undefined ? null : await ranksOf(before, after, pairs, score.name);
  const label = (side: Side, row: number | undefined): string | null => side.labels?.[row as number] ?? null;
  const example = (at: number): MovedExample => {
    const [b, a] = [pairs.before[at] as number, pairs.after[at] as number];
    return {
      id: before.ids[b] as string | number,
      before: b,
      after: a,
      from: known(ranks?.from[at]),
      to: known(ranks?.to[at]),
      labelBefore: label(before, b),
      labelAfter: label(after, a),
    };
  };
  const isCorrected = (at: number): boolean => {
    const [was, is] = [label(before, pairs.before[at]), label(after, pairs.after[at])];
    return was !== null && is !== null && was !== is;
  };
  const all = Array.from({ length: pairs.before.length }, (_, at) => at);
  const corrected = all.filter(isCorrected);
  const moved = ranks === null ? [] : byMovement(all, ranks);
  return {
    before: before.name,
    after: after.name,
    scores,
    score: score === undefined ? null : { name: score.name, hardDirection: score.hardDirection },
    shared: all.length,
    gone: before.ids.length - all.length,
    added: after.ids.length - all.length,
    excluded: [...before.decisions].filter(
      ([row, decision]) => decision === 'exclude' && !after.rows.has(String(before.ids[row])),
    ).length,
    unapplied: all.filter((at) => before.decisions.get(pairs.before[at] as number) === 'relabel' && !isCorrected(at))
      .length,
    agreement: ranks === null ? null : agreementOf(moved, ranks),
    tenths: ranks === null ? [] : tenthsOf(moved, ranks),
    harder: moved
      .slice(-LISTED)
      .toReversed()
      .filter((at) => ranks!.to[at]! > ranks!.from[at]!)
      .map(example),
    easier: moved
      .slice(0, LISTED)
      .filter((at) => ranks!.to[at]! < ranks!.from[at]!)
      .map(example),
    corrected: {
      count: corrected.length,
      easy: corrected.filter((at) => (ranks?.to[at] ?? Number.NaN) < EASY).length,
      hard: corrected.filter((at) => (ranks?.to[at] ?? Number.NaN) >= HARD).length,
      predicted:
        after.predicted === null
          ? null
          : corrected.filter((at) => after.predicted?.[pairs.after[at] as number] === label(after, pairs.after[at]))
              .length,
      // Those that are hard still come first: something may be left to mend.
      examples: corrected
        .toSorted((a, b) => (ranks?.to[b] ?? 0) - (ranks?.to[a] ?? 0))
        .slice(0, 2 * LISTED)
        .map((at): CorrectedExample => ({
          ...example(at),
          predicted: after.predicted?.[pairs.after[at] as number] ?? null,
        })),
    },
    accuracy: accuracyOf(before, after, pairs, ({ predicted }) => predicted),
    unchanged:
      corrected.length === 0
        ? null
        : accuracyOf(
            before,
            after,
            pairs,
            ({ predicted }) => predicted,
            (at) => !isCorrected(at),
          ),
    heldOut: accuracyOf(before, after, pairs, ({ heldOut }) => heldOut),
  };
}

const known = (percentile: number | undefined): number | null =>
  percentile === undefined || Number.isNaN(percentile) ? null : percentile;

function pairsOf(before: Side, after: Side): Pairs {
  const rows: [number, number][] = [];
  for (const [row, id] of before.ids.entries()) {
    const other = after.rows.get(String(id));
    if (other !== undefined) rows.push([row, other]);
  }
  return { before: Int32Array.from(rows, ([row]) => row), after: Int32Array.from(rows, ([, row]) => row) };
}

function nameOf(
  scores: ApiComparison['scores'],
  column: number | undefined,
  primaries: readonly (string | null)[],
): string | undefined {
  if (column === undefined) {
    return (primaries.map((name) => scores.find((each) => each.name === name)).find(Boolean) ?? scores[0])?.name;
  }
  const asked = scores.find((each) => each.column === column);
  if (asked !== undefined) return asked.name;
  throw new Refusal(404, `Column number ${column} is not a score that both runs have.`);
}

/** Percentiles among the shared examples alone: those that were left out must not move the others. */
interface Ranks {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

async function ranksOf(before: Side, after: Side, pairs: Pairs, name: string): Promise<Ranks> {
  const of = async ({ table }: Side, rows: Int32Array): Promise<Float64Array> => {
    const values = await table.values(name);
    const { hardDirection } = table.columns.find((each) => each.name === name)!;
    return percentilesOf({ values: Float32Array.from(rows, (row) => values[row] as number), hardDirection });
  };
  return { from: await of(before, pairs.before), to: await of(after, pairs.after) };
}

/** Pairs that have a rank in both runs, those that became easier most first. */
function byMovement(all: readonly number[], { from, to }: Ranks): number[] {
  const movement = (at: number): number => (to[at] as number) - (from[at] as number);
  return all.filter((at) => !Number.isNaN(movement(at))).toSorted((a, b) => movement(a) - movement(b));
}

function agreementOf(ranked: readonly number[], { from, to }: Ranks): number | null {
  if (ranked.length < 3) return null;
  const [x, y] = [Float64Array.from(ranked, (at) => from[at]!), Float64Array.from(ranked, (at) => to[at]!)];
  if (x.every((value) => value === x[0]) || y.every((value) => value === y[0])) return null;
  return spearman(x, y).r;
}

function tenthsOf(ranked: readonly number[], { from, to }: Ranks): number[] {
  const counts = Array.from({ length: 100 }, () => 0);
  const tenth = (percentile: number): number => Math.min(9, Math.floor(percentile / 10));
  for (const at of ranked) counts[10 * tenth(from[at]!) + tenth(to[at]!)]!++;
  return counts;
}
