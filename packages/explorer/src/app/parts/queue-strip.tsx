import { standingOf } from '../model/filter.js';
import { className, facts } from '../state/run-state.js';
import { show } from '../state/view-state.js';
import { Thumb } from './thumb.js';
import { STANDING_WORDS } from './words.js';

const BEFORE = 4;
const AFTER = 16;

/** Where one is in the queue: what was decided last, and what comes. */
export function QueueStrip({ rows, at }: { readonly rows: Int32Array; readonly at: number }) {
  const known = facts.value;
  if (known === null || rows.length === 0) return null;
  const start = Math.max(0, at - BEFORE);
  return (
    <nav class="queue" aria-label="Queue">
      <p>
        <strong>{at + 1}</strong> of {rows.length}
      </p>
      <ol>
        {Array.from(rows.subarray(start, at + AFTER), (row) => {
          const standing = standingOf(known, row);
          const { sign, name } = STANDING_WORDS[standing];
          const given = className(known.labels?.[row]);
          return (
            <li key={row}>
              <button
                class={standing}
                aria-current={row === rows[at] ? 'true' : undefined}
                aria-label={`${known.ids[row]}, given ${given}, ${name.toLowerCase()}`}
                onClick={() => show({ row })}
              >
                <Thumb row={row} />
                <small>
                  {sign} {given}
                </small>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
