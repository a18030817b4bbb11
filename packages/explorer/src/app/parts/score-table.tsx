import { useEffect } from 'preact/hooks';
import type { ApiColumn } from '../../api/types.js';
import { percentileIn } from '../model/percentile.js';
import { columns, description, need } from '../state/run-state.js';
import { attempt } from '../state/notices.js';
import { Meter } from './meter.js';
import { figure } from './words.js';

/** Lines that are seen at once; a run may have a score a class. */
const FIRST = 10;
/** From here on a score is unusual. */
const UNUSUAL = 75;

/** All scores of a row, and where it lies among the others: 100 is hardest, whichever direction is hard. */
export function ScoreTable({ row }: { readonly row: number }) {
  const all = description.value?.columns.filter(({ kind }) => kind === 'score') ?? [];
  useEffect(() => {
    void attempt('columns', () => Promise.all(all.map((column) => need(column))));
  }, [description.value?.edition]);
  if (all.length === 0) return null;
  const classwise = /\d$/;
  const ordered = [
    ...all.filter(({ name }) => !classwise.test(name)),
    ...all.filter(({ name }) => classwise.test(name)),
  ];
  const more = ordered.slice(FIRST);
  return (
    <section class="scores">
      <h3>
        Scores <small>p100 is hardest</small>
      </h3>
      <Lines columns={ordered.slice(0, FIRST)} row={row} />
      {more.length > 0 && (
        <details>
          <summary>{more.length} more</summary>
          <Lines columns={more} row={row} />
        </details>
      )}
    </section>
  );
}

function Lines({ columns: shown, row }: { readonly columns: readonly ApiColumn[]; readonly row: number }) {
  return (
    <table>
      <thead class="vh">
        <tr>
          <th scope="col">Score</th>
          <th scope="col">Value</th>
          <th scope="col">Percentile, 100 is hardest</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((column) => (
          <Line key={column.column} column={column} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ column, row }: { readonly column: ApiColumn; readonly row: number }) {
  const values = columns.value.get(column.column);
  const known = values instanceof Float32Array;
  const percentile = known ? percentileIn(values, row, column.hardDirection === 'high') : Number.NaN;
  const unusual = percentile >= UNUSUAL;
  return (
    <tr>
      <th scope="row">
        {column.name} {column.hardDirection === 'low' && <small>low is hard</small>}
      </th>
      <td>{known ? figure(values[row]) : '–'}</td>
      <td class={unusual ? 'unusual' : ''}>
        {!Number.isNaN(percentile) && (
          <>
            <Meter share={percentile / 100} muted={!unusual} /> p{percentile.toFixed(1)}
          </>
        )}
      </td>
    </tr>
  );
}
