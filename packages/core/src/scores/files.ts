import type { ColumnSource } from 'hyparquet-writer';
import { ranksOf } from './ranking.js';
import type { ExampleId, RankedScores } from './facts.js';

export type Column = ColumnSource & { readonly data: ArrayLike<unknown> };

/** One row an example, in probe order: id, label, class (where there are names), the score, percentile, rank. */
export function columnsOf(scores: RankedScores): Column[] {
  const { values, labels, classNames, metric, column } = scores;
  const columns: Column[] = [idColumn(scores.ids)];
  columns.push({ name: 'label', type: 'INT32', data: labels ?? new Array<null>(values.length).fill(null) });
  if (classNames) {
    const names = Array.from(values, (_, index) => (labels === null ? null : classNames[labels[index]!]!));
    columns.push({ name: 'class', type: 'STRING', data: names });
  }
  const rest: Column[] = [
    { name: 'percentile', type: 'FLOAT', nullable: false, encoding: 'PLAIN', data: scores.percentiles() },
    { name: 'rank', type: 'INT32', data: givenRanks(scores) },
  ];
  const name = scoreName(metric, column);
  const taken = [...columns, ...rest].some((other) => other.name === name);
  // Plain encoding: the writer's dictionary would take -0 for 0.
  columns.push({ name: taken ? 'value' : name, type: 'FLOAT', nullable: false, encoding: 'PLAIN', data: values });
  return [...columns, ...rest];
}

/** Nobody is first, or last, without a score. */
function givenRanks(scores: RankedScores): (number | null)[] {
  return Array.from(ranksOf(scores.ranking()), (rank, index) => (Number.isNaN(scores.values[index]) ? null : rank));
}

function scoreName(metric: string, column: string): string {
  return column === metric || column === 'value' ? metric : `${metric}.${column}`;
}

function idColumn(ids: readonly ExampleId[]): Column {
  if (ids.every((id) => typeof id === 'number')) {
    if (ids.every((id) => Number.isInteger(id) && Math.abs(id) < 2 ** 31)) {
      return { name: 'id', type: 'INT32', nullable: false, data: Int32Array.from(ids) };
    }
    return { name: 'id', type: 'DOUBLE', nullable: false, encoding: 'PLAIN', data: Float64Array.from(ids) };
  }
  return { name: 'id', type: 'STRING', nullable: false, data: ids.map(String) };
}
