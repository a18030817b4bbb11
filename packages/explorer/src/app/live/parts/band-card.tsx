import { axisOf } from '../model/axis.js';
import type { BandPoint } from '../model/story.js';
import { thinned } from '../model/thin.js';
import { Chart, type Frame, pathOf } from './chart.js';
import type { Shared } from './line-card.js';
import { figure } from '../../parts/words.js';

interface BandCardProps extends Shared {
  readonly names: readonly string[];
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly points: readonly BandPoint[];
  readonly empty: string;
}

/** Places in `bands`. */
const [P5, P25, P50, P75, P95] = [0, 1, 2, 3, 4];

/** A score over the epochs: its mean, its median, and where half and nine tenths of the examples lie. */
export function BandCard({ names, name, onName, points, empty, ...shared }: BandCardProps) {
  const axis = axisOf(
    points.flatMap(({ mean, bands }) => [mean, ...bands]),
    true,
  );
  const now = shared.cursor === null ? points.at(-1) : points.find(({ x }) => x === shared.cursor);
  const told = now === undefined ? '–' : figure(now.mean);
  const band = (at: number): string => figure(now?.bands[at]);
  return (
    <section class="card figure">
      <header>
        {names.length > 1 ? (
          <h2>
            <label>
              <span class="vh">Score</span>
              <select value={name} onChange={(event) => onName(event.currentTarget.value)}>
                {names.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            </label>
          </h2>
        ) : (
          <h2>{name === '' ? 'Score' : name}</h2>
        )}
        <ul class="legend-list">
          <li class="own">
            <span aria-hidden="true">—</span> mean <strong>{told}</strong>
          </li>
          <li>
            <span aria-hidden="true">┄</span> median <strong>{band(P50)}</strong>
          </li>
          <li class="wide">bands p5–95, p25–75</li>
        </ul>
      </header>
      {axis === null ? (
        <p class="note hollow">{empty}</p>
      ) : (
        <Chart
          {...shared}
          axis={axis}
          tell={axis.isLog ? powerOf : figure}
          stops={points.map(({ x }) => x)}
          label={name}
          said={`mean ${told}, median ${band(P50)}, nine tenths of the examples from ${band(P5)} to ${band(P95)}, after epoch ${Number((now?.x ?? 0).toFixed(2))}`}
        >
          {(frame) => <Bands points={thinned(points)} frame={frame} />}
        </Chart>
      )}
    </section>
  );
}

function Bands({ points, frame }: { readonly points: readonly BandPoint[]; readonly frame: Frame }) {
  const line = (valueOf: (point: BandPoint) => number) =>
    points.map((point) => [frame.x(point.x), frame.y(valueOf(point))] as const);
  const area = (low: number, high: number): string => {
    const upper = line(({ bands }) => bands[high] as number);
    const lower = line(({ bands }) => bands[low] as number).toReversed();
    return `${pathOf([...upper, ...lower])}Z`;
  };
  const last = points.at(-1) as BandPoint;
  return (
    <g class="bands">
      <path class="wide" d={area(P5, P95)} />
      <path class="narrow" d={area(P25, P75)} />
      <path class="median" d={pathOf(line(({ bands }) => bands[P50] as number))} />
      <path class="mean" d={pathOf(line(({ mean }) => mean))} />
      <circle cx={frame.x(last.x)} cy={frame.y(last.mean)} r={3} />
    </g>
  );
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `10⁻⁶`; of ticks of a logarithmic axis. */
function powerOf(value: number): string {
  const power = Math.round(Math.log10(value));
  if (power >= -2 && power <= 3) return figure(value);
  const digits = Array.from(String(Math.abs(power)), (digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return `10${power < 0 ? '⁻' : ''}${digits}`;
}
