import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { boxOf, thinned } from '../model/lasso.js';
import { placesOf, rangeBetween } from '../model/scale.js';
import { horizontal, vertical } from '../state/axes.js';
import { rangeOf, sameMap, setLasso, setRanges } from '../state/charts.js';
import { drawnOn, places } from '../state/maps.js';
import { shown } from '../state/rows.js';
import { flagged } from '../state/run-state.js';
import { show, view } from '../state/view-state.js';
import { coloursOf, MapDrawing, pixelsOf } from './draw-map.js';
import { MapHover } from './map-hover.js';
import { type Place, useBrush } from './use-brush.js';
import { useScheme, useSize } from './use-size.js';

/** Pixels from a point that still mean it. */
const NEAR = 12;

/** All rows by two measures. What is drawn around filters, a press opens an example. */
export function RowMap({ lasso, name }: { readonly lasso: boolean; readonly name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const scheme = useScheme();
  const on = places.value;
  const rows = shown.value;
  const marked = flagged.value;
  const pixels = useMemo(() => on && pixelsOf(on, size.width, size.height), [on, size]);
  const [path, setPath] = useState<readonly number[]>([]);
  const [hovered, setHovered] = useState<{ readonly row: number; readonly at: Place } | null>(null);
  const drawing = useRef<MapDrawing | null>(null);
  useEffect(() => {
    drawing.current =
      canvas.current === null || pixels === null ? null : new MapDrawing(pixels, coloursOf(canvas.current));
  }, [pixels, scheme]);
  useEffect(() => {
    if (canvas.current !== null) drawing.current?.draw(canvas.current, rows, marked);
  }, [pixels, rows, marked, scheme]);

  const nearest = (at: Place): number | null => {
    if (on === null) return null;
    let best: number | null = null;
    let distance = NEAR;
    for (const row of rows) {
      const away = Math.hypot(
        ((on.x[row] as number) - at.x) * size.width,
        (1 - (on.y[row] as number) - at.y) * size.height,
      );
      if (away < distance) [best, distance] = [row, away];
    }
    return best;
  };
  const brush = useBrush({
    onDrag: (from, to, corners) => {
      setHovered(null);
      if (lasso) setPath(corners.flatMap(({ x, y }) => [x, 1 - y]));
      else boxed(from, to);
    },
    onDrop: () => {
      // Two corners are a slip of the hand.
      if (path.length >= 6) setLasso({ ...drawnOn(), points: thinned(path) });
      setPath([]);
    },
    onTap: (at) => {
      const row = nearest(at);
      if (row !== null) show({ row }, true);
    },
    onHover: (at) => {
      const row = at === null ? null : nearest(at);
      setHovered(row === null || at === null ? null : { row, at });
    },
  });
  const isCut =
    view.value.map === 'scores' &&
    (rangeOf(horizontal.value?.column.name) ?? rangeOf(vertical.value?.column.name)) !== undefined;
  const drawn = view.value.filter.lassos.filter((each) => sameMap(each, drawnOn()));
  return (
    <div class="plot brushed both" {...brush}>
      <canvas
        ref={canvas}
        width={size.width}
        height={size.height}
        role="img"
        aria-label={`${rows.length} examples by ${name}. To filter by keys, order by a score and move its sliders.`}
      />
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {isCut && <Cut />}
        {[...drawn.map(({ points }) => points), ...(path.length > 0 ? [path] : [])].map((points, at) => (
          <polygon key={at} class="lasso" points={cornersOf(points)} />
        ))}
      </svg>
      {hovered !== null && <MapHover row={hovered.row} at={hovered.at} />}
    </div>
  );
}

/** The rectangle that ranges of both scores leave. */
function Cut() {
  const [across, upwards] = [horizontal.value, vertical.value];
  if (across === null || upwards === null) return null;
  const [left, right] = placesOf(across.scale, rangeOf(across.column.name) ?? OPEN);
  const [bottom, top] = placesOf(upwards.scale, rangeOf(upwards.column.name) ?? OPEN);
  return <polygon class="lasso" points={cornersOf([left, bottom, right, bottom, right, top, left, top])} />;
}

/** A rectangle: of two scores it is a range of each, elsewhere a region. */
function boxed(from: Place, to: Place): void {
  const [a, b] = [
    { x: edge(from.x), y: edge(1 - from.y) },
    { x: edge(to.x), y: edge(1 - to.y) },
  ];
  const [across, upwards] = [horizontal.value, vertical.value];
  if (view.value.map !== 'scores') return setLasso({ ...drawnOn(), points: boxOf(a, b) });
  if (across === null || upwards === null) return;
  const [x, y] = [across.column.name, upwards.column.name];
  const first = rangeBetween(across.scale, x, a.x, b.x);
  // The same score twice has one range.
  setRanges(x === y ? { [x]: first } : { [x]: first, [y]: rangeBetween(upwards.scale, y, a.y, b.y) });
}

function cornersOf(points: readonly number[]): string {
  return points.map((place, at) => (at % 2 === 0 ? place : 1 - place).toFixed(4)).join(' ');
}

/** A drag that ends so near the edge means all beyond it. */
const edge = (place: number): number => (place < 0.02 ? 0 : place > 0.98 ? 1 : place);

const OPEN = { column: '', low: -Infinity, high: Infinity };
