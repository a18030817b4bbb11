import { axisOf } from '../model/axis.js';
import type { Line } from '../model/groups.js';
import { thinned } from '../model/thin.js';
import { Chart, type Frame, pathOf } from './chart.js';

/** What all charts share: the epochs they show, and the one that is pointed at. */
export interface Shared {
  readonly from: number;
  readonly to: number;
  readonly cursor: number | null;
  readonly onCursor: (epochs: number | null) => void;
}

interface LineCardProps extends Shared {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly tell: (value: number) => string;
  readonly empty: string;
}

/** Points at which a mark is drawn: many would be one thick line. */
const MARKED = 40;

/** A figure over the epochs, a line for each of what it was measured on. */
export function LineCard({ title, lines, tell, empty, ...shared }: LineCardProps) {
  const axis = axisOf(lines.flatMap(({ points }) => points.map(({ y }) => y)));
  const { cursor } = shared;
  const stops = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].toSorted((a, b) => a - b);
  const at = (line: Line) => (cursor === null ? line.points.at(-1) : line.points.find(({ x }) => x === cursor));
  return (
    <section class="card figure">
      <header>
        <h2>{title}</h2>
        <ul class="legend-list">
          {lines.map((line) => (
            <li key={line.name} class={line.look}>
              <Sign look={line.look} /> {line.name} <strong>{tell(at(line)?.y ?? Number.NaN)}</strong>
            </li>
          ))}
        </ul>
      </header>
      {axis === null ? (
        <p class="note hollow">{empty}</p>
      ) : (
        <Chart {...shared} axis={axis} tell={tell} stops={stops} label={title} said={said(lines, tell, cursor)}>
          {(frame) => lines.map((line) => <Drawn key={line.name} line={line} frame={frame} />)}
        </Chart>
      )}
    </section>
  );
}

function said(lines: readonly Line[], tell: (value: number) => string, cursor: number | null): string {
  const parts = lines.map(({ name, points }) => {
    if (cursor !== null) return `${name} ${tell(points.find(({ x }) => x === cursor)?.y ?? Number.NaN)}`;
    return `${name} from ${tell(points[0]?.y ?? Number.NaN)} to ${tell(points.at(-1)?.y ?? Number.NaN)}`;
  });
  return `${parts.join(', ')}${cursor === null ? '' : `, after epoch ${Number(cursor.toFixed(2))}`}`;
}

function Drawn({ line, frame }: { readonly line: Line; readonly frame: Frame }) {
  const points = thinned(line.points);
  const spots = points.map(({ x, y }) => [frame.x(x), frame.y(y)] as const);
  return (
    <g class={`line ${line.look}`}>
      <path d={pathOf(spots)} />
      {(spots.length <= MARKED ? spots : spots.slice(-1)).map(([x, y]) =>
        line.look === 'own' ? (
          <circle key={x} cx={x} cy={y} r={3} />
        ) : (
          <rect
            key={x}
            x={x - 3}
            y={y - 3}
            width={6}
            height={6}
            transform={line.look === 'probe' ? `rotate(45 ${x} ${y})` : undefined}
          />
        ),
      )}
    </g>
  );
}

function Sign({ look }: { readonly look: Line['look'] }) {
  return <span aria-hidden="true">{{ own: '●', 'held-out': '■', probe: '◆' }[look]}</span>;
}
