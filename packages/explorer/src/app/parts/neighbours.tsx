import { useEffect, useState } from 'preact/hooks';
import type { ApiNeighbours } from '../../api/types.js';
import { askJson } from '../client/client.js';
import { className, description, facts, flagged } from '../state/run-state.js';
import { show } from '../state/view-state.js';
import { Thumb } from './thumb.js';
import { shareOf } from './words.js';

/** Rows whose features are nearest, with their labels: many of another class speak against this one's. */
export function Neighbours({ row }: { readonly row: number }) {
  const { run, edition, has } = description.value!;
  const labels = facts.value?.labels ?? null;
  const [near, setNear] = useState<ApiNeighbours | null>(null);
  useEffect(() => {
    let current = true;
    setNear(null);
    if (has.features) {
      askJson<ApiNeighbours>(`/api/runs/${run}/neighbours/${row}`).then(
        (value) => current && setNear(value),
        () => {},
      );
    }
    return () => {
      current = false;
    };
  }, [run, edition, row]);
  if (near === null || near.rows.length === 0) return null;
  const given = labels?.[row];
  const same = near.rows.filter((other) => labels?.[other] === given).length;
  return (
    <section>
      <h3>
        Nearest neighbours{' '}
        {labels !== null && (
          <small>
            {same} of {near.rows.length} are {className(given)}
          </small>
        )}
      </h3>
      <ol class="near">
        {near.rows.map((other, at) => (
          <Neighbour key={other} row={other} note={shareOf(near.cosines[at])} differs={labels?.[other] !== given} />
        ))}
      </ol>
    </section>
  );
}

/** The others of a set of near-duplicates, side by side with this one. */
export function Twins({ row }: { readonly row: number }) {
  const issue = flagged.value.get(row)?.find(({ kind }) => kind === 'duplicate');
  if (issue === undefined || issue.others.length === 0) return null;
  const given = facts.value?.labels?.[row];
  return (
    <section>
      <h3>Near-duplicates</h3>
      <p class="note">{issue.why}</p>
      <ol class="near">
        {issue.others.slice(0, 8).map((other) => (
          <Neighbour key={other} row={other} note="" differs={facts.value?.labels?.[other] !== given} />
        ))}
      </ol>
    </section>
  );
}

function Neighbour({ row, note, differs }: { readonly row: number; readonly note: string; readonly differs: boolean }) {
  const label = facts.value?.labels?.[row];
  const id = String(facts.value?.ids[row]);
  return (
    <li class={differs ? 'differs' : ''}>
      <button title={id} onClick={() => show({ tab: 'gallery', row }, true)}>
        <Thumb row={row} />
        <span>{label === undefined ? id : className(label)}</span>
        <small>
          {differs && label !== undefined && '≠ '}
          {note}
        </small>
      </button>
    </li>
  );
}
