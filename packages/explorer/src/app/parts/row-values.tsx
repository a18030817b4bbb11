import { useEffect } from 'preact/hooks';
import type { ApiColumn } from '../../api/types.js';
import { percentileIn } from '../model/percentile.js';
import { attempt } from '../state/notices.js';
import { columns, description, hasPictures, need } from '../state/run-state.js';
import { figure } from './words.js';

/** Percent of all rows: a value with fewer beyond it is unusual. */
const TAIL = 2.5;

/** What the table, or the picture's file, says of a row; where there is a picture, folded away below it. */
export function RowValues({ row }: { readonly row: number }) {
  const facts = description.value?.columns.filter(({ kind }) => kind === 'meta') ?? [];
  useEffect(() => {
    void attempt('columns', () => Promise.all(facts.map((column) => need(column))));
  }, [description.value?.edition]);
  if (facts.length === 0) return null;
  return (
    <details class="scores" open={!hasPictures.value}>
      <summary>{hasPictures.value ? 'The file' : 'The row'}</summary>
      <table>
        <tbody>
          {facts.map((column) => (
            <Fact key={column.column} column={column} row={row} />
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Fact({ column, row }: { readonly column: ApiColumn; readonly row: number }) {
  const values = columns.value.get(column.column);
  const value = values?.[row];
  const numbers = values instanceof Float32Array;
  const below = numbers ? percentileIn(values, row, true) : Number.NaN;
  const unusual = below < TAIL ? 'unusually low' : below > 100 - TAIL ? 'unusually high' : '';
  const none = value === null || value === undefined || Number.isNaN(value);
  return (
    <tr>
      <th scope="row">{column.name}</th>
      <td>{none ? <small>none</small> : typeof value === 'number' ? figure(value) : String(value)}</td>
      <td class={unusual === '' ? '' : 'unusual'}>{unusual}</td>
    </tr>
  );
}
