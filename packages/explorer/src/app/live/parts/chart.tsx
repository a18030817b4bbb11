import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { type Axis, epochTicks, placeOn } from '../model/axis.js';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [404, 176, 46, 14, 14, 24];

/** Where values of a chart lie, in its own units. */
export interface Frame {
  readonly x: (epochs: number) => number;
  readonly y: (value: number) => number;
}

interface ChartProps {
  readonly label: string;
  /** What it shows where it is read, in words. */
  readonly said: string;
  readonly from: number;
  readonly to: number;
  readonly axis: Axis;
  readonly tell: (value: number) => string;
  /** Epochs that were gone by when something was measured. */
  readonly stops: readonly number[];
  /** Where the pointer is; the same in all charts. */
  readonly cursor: number | null;
  readonly onCursor: (epochs: number | null) => void;
  readonly children: (frame: Frame) => ComponentChildren;
}

/** Axes, and a line at the epoch that is pointed at; arrows move it too. */
export function Chart({ label, said, from, to, axis, tell, stops, cursor, onCursor, children }: ChartProps) {
  const svg = useRef<SVGSVGElement>(null);
  const span = Math.max(to - from, 1e-9);
  const frame: Frame = {
    x: (epochs) => LEFT + (to === from ? 0.5 : (epochs - from) / span) * (WIDTH - LEFT - RIGHT),
    y: (value) => TOP + (1 - placeOn(axis, value)) * (HEIGHT - TOP - BOTTOM),
  };
  const point = (clientX: number): void => {
    const box = svg.current?.getBoundingClientRect();
    if (box === undefined || stops.length === 0) return;
    const at = from + ((((clientX - box.left) / box.width) * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT)) * span;
    onCursor(stops.reduce((best, stop) => (Math.abs(stop - at) < Math.abs(best - at) ? stop : best)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') onCursor(null);
    if (step === undefined || stops.length === 0) return;
    event.preventDefault();
    const now = cursor === null ? stops.length : stops.indexOf(cursor);
    onCursor(stops[Math.min(stops.length - 1, Math.max(0, now + step))] as number);
  };
  return (
    <svg
      ref={svg}
      class="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="slider"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, stops.length - 1)}
      aria-valuenow={cursor === null ? Math.max(0, stops.length - 1) : stops.indexOf(cursor)}
      aria-valuetext={said}
      tabIndex={0}
      onPointerMove={(event) => point(event.clientX)}
      onPointerLeave={() => onCursor(null)}
      onBlur={() => onCursor(null)}
      onKeyDown={onKeyDown}
    >
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <path class="axis" d={`M${LEFT} ${frame.y(tick)}H${WIDTH - RIGHT}`} />
          <text x={LEFT - 6} y={frame.y(tick) + 4} text-anchor="end">
            {tell(tick)}
          </text>
        </g>
      ))}
      {epochTicks(from, to).map((tick) => (
        <text key={tick} x={frame.x(tick)} y={HEIGHT - 6} text-anchor="middle">
          {Number(tick.toFixed(2))}
        </text>
      ))}
      {children(frame)}
      {cursor !== null && <path class="cursor" d={`M${frame.x(cursor)} ${TOP}V${HEIGHT - BOTTOM}`} />}
    </svg>
  );
}

/** `M1 2L3 4`, in pieces where a value is none. */
export function pathOf(points: readonly (readonly [number, number])[]): string {
  let isBroken = true;
  return points
    .map(([x, y]) => {
      if (!Number.isFinite(y)) {
        isBroken = true;
        return '';
      }
      const part = `${isBroken ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
      isBroken = false;
      return part;
    })
    .join('');
}
