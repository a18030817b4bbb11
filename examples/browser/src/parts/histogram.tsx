import { formatCount, formatScore } from '../format.js';
import { examples, reading, scored } from '../state.js';
import { useWidth } from './width.js';

const BINS = 32;
const [HEIGHT, BASE] = [240, 24];

/** How the scores lie, on a logarithmic axis: VoG spans orders of magnitude. */
export function Histogram() {
  const [drawn, width] = useWidth<SVGSVGElement>();
  const [all, snapshot] = [examples.value, scored.value];
  if (all === null || snapshot === null) return null;
  const values = snapshot.scores[reading.value];
  const positive = [...values].filter((value) => value > 0);
  if (positive.length < 2) return <p class="note">All scores are equal so far.</p>;
  const low = Math.log10(positive.reduce((a, b) => Math.min(a, b)));
  const high = Math.log10(positive.reduce((a, b) => Math.max(a, b)));
  const counts = Array.from({ length: BINS }, () => ({ right: 0, wrong: 0 }));
  for (const [i, value] of values.entries()) {
    if (!(value > 0)) continue;
    const bin = Math.min(BINS - 1, Math.floor(((Math.log10(value) - low) / (high - low || 1)) * BINS));
    counts[bin]![all.planted?.[i] === 1 ? 'wrong' : 'right']++;
  }
  const tallest = Math.max(...counts.map(({ right, wrong }) => right + wrong));
  const scale = (count: number): number => (count / tallest) * (HEIGHT - BASE - 14);
  const step = width / BINS;
  const ticks = width < 420 ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1];
  const zero = values.length - positive.length;
  const wrong = all.planted === null ? '' : ', planted wrong labels on top in orange';
  const text = `Histogram of ${formatCount(positive.length)} scores from ${formatScore(10 ** low)} to ${formatScore(10 ** high)}${wrong}.`;
  return (
    <figure class="chart">
      <svg ref={drawn} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={text}>
        <line class="axis" x1="0" x2={width} y1={HEIGHT - BASE} y2={HEIGHT - BASE} />
        {counts.map((bin, i) => (
          <g key={i} transform={`translate(${i * step + 1} 0)`}>
            <rect class="bar" width={step - 2} y={HEIGHT - BASE - scale(bin.right)} height={scale(bin.right)} />
            <rect
              class="bar flagged"
              width={step - 2}
              y={HEIGHT - BASE - scale(bin.right) - scale(bin.wrong)}
              height={scale(bin.wrong)}
            />
          </g>
        ))}
        <text x="0" y="11">
          {formatCount(tallest)} examples
        </text>
        {ticks.map((at) => (
          <text key={at} x={at * width} y={HEIGHT - 6} text-anchor={at === 0 ? 'start' : at === 1 ? 'end' : 'middle'}>
            {formatScore(10 ** (low + at * (high - low)))}
          </text>
        ))}
      </svg>
      <figcaption class="note">
        Easy on the left, hard on the right; the axis is logarithmic.
        {all.planted !== null && ' Orange: labels planted wrong.'}
        {zero > 0 && ` ${formatCount(zero)} scores are 0 and not drawn.`}
      </figcaption>
    </figure>
  );
}
