import { useEffect, useRef, useState } from 'preact/hooks';
import { placeOf, placesOf, rangeBetween } from '../model/scale.js';
import { horizontal, rangeOf, setRanges, vertical } from '../state/charts.js';
import { shown, sortable } from '../state/rows.js';
import { flagged } from '../state/run-state.js';
import { show } from '../state/view-state.js';
import { drawMap } from './draw-map.js';
import { type Place, useBrush } from './use-brush.js';

/** Pixels from a point that still mean it. */
const NEAR = 12;

/** Two scores against each other: the data map, or how two metrics agree. A rectangle filters, a press opens an example. */
export function ScoreMap() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const scheme = useScheme();
  const [across, upwards] = [horizontal.value, vertical.value];
  const rows = shown.value;
  const marked = flagged.value;
  useEffect(() => {
    if (canvas.current === null || across === null || upwards === null) return;
    drawMap(canvas.current, { across, upwards, shown: rows, isFlagged: (row) => marked.has(row) });
  }, [across, upwards, rows, marked, size, scheme]);
  const brush = useBrush({
    onDrag: (from, to) => {
      if (across === null || upwards === null) return;
      const [x, y] = [across.column.name, upwards.column.name];
      const first = rangeBetween(across.scale, x, from.x, to.x);
      // The same score twice has one range.
      setRanges(x === y ? { [x]: first } : { [x]: first, [y]: rangeBetween(upwards.scale, y, 1 - from.y, 1 - to.y) });
    },
    onTap: (at) => {
      const row = nearest(at);
      if (row !== null) show({ row }, true);
    },
  });
  const nearest = (at: Place): number | null => {
    if (across === null || upwards === null) return null;
    let best: number | null = null;
    let distance = NEAR;
    for (const row of rows) {
      const x = placeOf(across.scale, across.values[row] as number) - at.x;
      const y = 1 - placeOf(upwards.scale, upwards.values[row] as number) - at.y;
      const away = Math.hypot(x * size.width, y * size.height);
      if (away < distance) [best, distance] = [row, away];
    }
    return best;
  };
  if (across === null || upwards === null) return <p class="note">These scores are being read, or do not vary.</p>;
  const [left, right] = placesOf(across.scale, rangeOf(across.column.name) ?? OPEN);
  const [bottom, top] = placesOf(upwards.scale, rangeOf(upwards.column.name) ?? OPEN);
  const isCut = left > 0 || bottom > 0 || right < 1 || top < 1;
  return (
    <div class="plot brushed both" {...brush}>
      <canvas
        ref={canvas}
        width={size.width}
        height={size.height}
        role="img"
        aria-label={`${rows.length} examples by ${across.column.name}, across, and ${upwards.column.name}, upwards. To filter by keys, order by a score and move its sliders.`}
      />
      {isCut && (
        <span
          class="brush"
          style={{
            left: `${100 * left}%`,
            width: `${100 * (right - left)}%`,
            bottom: `${100 * bottom}%`,
            height: `${100 * (top - bottom)}%`,
          }}
        />
      )}
    </div>
  );
}

const OPEN = { column: '', low: -Infinity, high: Infinity };

/** Which two scores the map is of. */
export function MapAxes() {
  const options = sortable.value.map(({ name }) => (
    <option key={name} value={name}>
      {name}
    </option>
  ));
  return (
    <span class="axes">
      <select
        aria-label="Upwards"
        value={vertical.value?.column.name}
        onChange={(event) => show({ upwards: event.currentTarget.value })}
      >
        {options}
      </select>
      <span class="note"> by </span>
      <select
        aria-label="Across"
        value={horizontal.value?.column.name}
        onChange={(event) => show({ across: event.currentTarget.value })}
      >
        {options}
      </select>
    </span>
  );
}

function useSize(canvas: { readonly current: HTMLCanvasElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 320, height: 120 });
  useEffect(() => {
    const box = canvas.current?.parentElement;
    if (box === null || box === undefined) return undefined;
    const observer = new ResizeObserver(() =>
      setSize({ width: Math.max(2, box.clientWidth), height: Math.max(2, box.clientHeight) }),
    );
    observer.observe(box);
    return () => observer.disconnect();
  }, [horizontal.value === null || vertical.value === null]);
  return size;
}

/** Canvases do not follow the colour scheme by themselves. */
function useScheme(): boolean {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const onChange = (): void => setDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return dark;
}
