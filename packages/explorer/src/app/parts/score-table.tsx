import { useEffect } from 'preact/hooks';
import type { ApiColumn } from '../../api/types.js';
import { percentileIn } from '../model/percentile.js';
import { need, description, columns } from '../state/run-state.js';
import { attempt } from '../state/notices.js';
import { figure } from './words.js';

/** All scores of a row, and where it lies among the others: 100 is hardest, whichever direction is hard. */
export function ScoreTable({ row }: { readonly row: number }) {
  const all = description.value?.columns.filter(({ kind }) => kind === 'score' || kind === 'meta') ?? [];
  useEffect(() => {
    void attempt('columns', () => Promise.all(all.map((column) => need(column))));
  }, [description.value?.edition]);
  return (
    <section class="scores">
      <h3>Scores</h3>
      <table>
        <thead class="vh">
          <tr>
            <th scope="col">Score</th>
            <th scope="col">Value</th>
            <th scope="col">Percentile, 100 is hardest</th>
          </tr>
        </thead>
        <tbody>
          {all.map((column) => (
            <Line key={column.column} column={column} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Line({ column, row }: { readonly column: ApiColumn; readonly row: number }) {
  const values = columns.value.get(column.column);
  const value = values?.[row];
  const isScore = column.kind === 'score' && values instanceof Float32Array;
  const percentile = isScore ? percentileIn(values, row, column.hardDirection === 'high') : Number.NaN;
  return (
    <tr>
      <th scope="row">
        {column.name} {column.hardDirection === 'low' && <small>low is hard</small>}
      </th>
      <td>{typeof value === 'number' ? figure(value) : String(value ?? '–')}</td>
      <td class={percentile >= 75 ? 'unusual' : ''}>
        {!Number.isNaN(percentile) && (
          <>
            <meter min={0} max={100} value={percentile} aria-hidden="true" /> p{percentile.toFixed(1)}
          </>
        )}
      </td>
    </tr>
  );
}
