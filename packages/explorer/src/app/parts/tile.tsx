import { standingOf } from '../model/filter.js';
import { className, facts, hasPictures, suggestionOf } from '../state/run-state.js';
import { percentile } from '../state/rows.js';
import { ISSUE_WORDS, STANDING_WORDS, issueName } from './words.js';
import { Thumb } from './thumb.js';

interface TileProps {
  readonly row: number;
  /** Its place in the order, from 0, and how many there are. */
  readonly place: number;
  readonly total: number;
  readonly active: boolean;
  /** Shares of the width, and pixels from the top. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

export function Tile({ row, place, total, active, left, top, width }: TileProps) {
  const known = facts.value;
  if (known === null) return null;
  const standing = standingOf(known, row);
  const decision = known.decisions.get(row);
  const issues = [...new Set(known.issues.get(row)?.map(({ kind }) => kind))];
  const hardness = percentile.value?.(row);
  const other = decision?.label ?? suggestionOf(row);
  const given = className(known.labels?.[row]);
  return (
    <div
      id={`row-${row}`}
      class={`tile ${standing}${hasPictures.value ? '' : ' plain'}`}
      role="option"
      aria-selected={active}
      aria-posinset={place + 1}
      aria-setsize={total}
      style={{ left: `${100 * left}%`, width: `${100 * width}%`, transform: `translateY(${top}px)` }}
    >
      <div class="frame">
        <Thumb row={row} />
        {!hasPictures.value && <strong class="given">{given}</strong>}
        <span class="badges">
          {issues.map((kind) => (
            <span key={kind} class="badge" role="img" aria-label={issueName(kind)} title={issueName(kind)}>
              {ISSUE_WORDS[kind]?.sign}
            </span>
          ))}
        </span>
        {standing !== 'undecided' && (
          <span class="pill">
            {STANDING_WORDS[standing].sign} {STANDING_WORDS[standing].name.toLowerCase()}
          </span>
        )}
      </div>
      <span class="line note">
        <span class="id">{String(known.ids[row])}</span>
        {hardness !== undefined && !Number.isNaN(hardness) && <span>p{hardness.toFixed(1)}</span>}
      </span>
      {known.labels !== null && hasPictures.value && <span class="given">{given}</span>}
      {other !== undefined && (
        <span class="other">
          <span class="vh">{decision?.label === undefined ? 'suggested' : 'now'}</span> → {className(other)}
        </span>
      )}
    </div>
  );
}
