import { className, facts, flagged, predicted } from '../state/run-state.js';
import { Maps } from './maps/maps.js';
import { Curve } from './curve.js';
import { Thumb } from './thumb.js';
import { RowValues } from './row-values.js';
import { issueName } from './words.js';

/** What is to be seen of a row: its picture, its names, its trajectory, and why it was flagged. */
export function Look({ row }: { readonly row: number }) {
  const known = facts.value;
  if (known === null) return null;
  const id = String(known.ids[row]);
  const path = known.paths?.[row];
  const taken = predicted.value?.[row];
  return (
    <section class="look" aria-label="The example">
      <Thumb row={row} label={`Picture of ${id}`} />
      <p class="note">
        {[path === id ? '' : (path ?? ''), taken !== undefined && taken >= 0 ? `predicted ${className(taken)}` : '']
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      <RowValues row={row} />
      <Curve row={row} />
      <Maps row={row} />
      {flagged.value.get(row)?.map(({ kind, why }) => (
        <p key={kind} class="note">
          <strong>{issueName(kind)}</strong> {why}
        </p>
      ))}
    </section>
  );
}
