import { className, facts, suggestionOf } from '../state/run-state.js';
import { Thumb } from './thumb.js';
import type { Place } from './use-brush.js';

/** What lies under the pointer; who has none opens examples in the gallery. */
export function MapHover({ row, at }: { readonly row: number; readonly at: Place }) {
  const suggested = suggestionOf(row);
  return (
    <div
      class={`hover card${at.x > 0.5 ? ' left' : ''}`}
      aria-hidden="true"
      style={{ left: `${100 * at.x}%`, top: `${100 * Math.min(at.y, 0.4)}%` }}
    >
      <Thumb row={row} />
      <strong>{className(facts.value?.labels?.[row])}</strong>
      {suggested !== undefined && <span class="other">→ {className(suggested)}</span>}
      <small>{String(facts.value?.ids[row])}</small>
    </div>
  );
}
