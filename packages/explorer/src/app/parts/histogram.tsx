import { BINS, placesOf, rangeBetween } from '../model/scale.js';
import { order, sortColumn } from '../state/axes.js';
import { bars, rangeOf, setRanges } from '../state/charts.js';
import { useBrush } from './use-brush.js';
import { figure } from './words.js';

const HEIGHT = 100;

/** How the score that orders the gallery is spread; a stretch of it filters. */
export function Histogram() {
  const name = sortColumn.value?.name ?? '';
  const shape = bars.value;
  const on = order.value;
  const brush = useBrush({
    onDrag: (from, to) => choose(snap(from.x), snap(to.x)),
    onTap: () => setRanges({ [name]: null }),
  });
  const choose = (from: number, to: number): void => {
    if (on === null) return;
    const [low, high] = from === to ? [from, from + 1 / BINS] : [from, to];
    setRanges({ [name]: rangeBetween(on.scale, name, low, high) });
  };
  if (on === null || shape === null) return <p class="note">No two values of {name || 'this run'} differ.</p>;
  const range = rangeOf(name);
  const [from, to] = range === undefined ? [0, 1] : placesOf(on.scale, range);
  const most = Math.sqrt(Math.max(1, ...shape.all));
  const outline = (counts: Uint32Array): string =>
    Array.from(counts, (count, bin) => {
      const height = (Math.sqrt(count) / most) * HEIGHT;
      return `M${bin + 0.08} ${HEIGHT}v${-height}h.84v${height}z`;
    }).join('');
  const told = (place: number): string => figure(on.scale.easiest + place * (on.scale.hardest - on.scale.easiest));
  return (
    <>
      <div class="plot brushed" {...brush}>
        <svg viewBox={`0 0 ${BINS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path class="all" d={outline(shape.all)} />
          <path class="within" d={outline(shape.within)} />
          <path class="marked" d={outline(shape.flagged)} />
          {range !== undefined && (
            <rect class="brush" x={from * BINS} y={0} width={(to - from) * BINS} height={HEIGHT} />
          )}
        </svg>
      </div>
      <div class="ends">
        <End
          label={`${name}: easiest shown`}
          at={from}
          told={told(from)}
          onMove={(place) => choose(Math.min(place, to), to)}
        />
        <End
          label={`${name}: hardest shown`}
          at={to}
          told={told(to)}
          onMove={(place) => choose(from, Math.max(place, from))}
        />
      </div>
      <p class="note legend">
        <span>easy {told(0)}</span>
        <span>height: √ count</span>
        <span>hard {told(1)}</span>
      </p>
    </>
  );
}

const snap = (place: number): number => Math.round(place * BINS) / BINS;

interface EndProps {
  readonly label: string;
  readonly at: number;
  readonly told: string;
  readonly onMove: (place: number) => void;
}

/** An end of the stretch, for hands and keys alike. */
function End({ label, at, told, onMove }: EndProps) {
  return (
    <input
      type="range"
      min={0}
      max={BINS}
      value={Math.round(at * BINS)}
      aria-label={label}
      aria-valuetext={told}
      onInput={(event) => onMove(Number(event.currentTarget.value) / BINS)}
    />
  );
}
