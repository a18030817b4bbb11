import { useEffect, useState } from 'preact/hooks';
import type { ApiTrajectory } from '../../api/types.js';
import { askJson } from '../client/client.js';
import { bestOthers } from '../model/best-other.js';
import { className, description, facts } from '../state/run-state.js';
import { shareOf } from './words.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [404, 140, 26, 20];

/** Probability of the given label, and of the best other, over the checkpoints; and what was predicted at each. */
export function Curve({ row }: { readonly row: number }) {
  const { run, edition, has } = description.value!;
  const [trajectory, setTrajectory] = useState<ApiTrajectory | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    setTrajectory(null);
    setFailure(null);
    if (has.trajectories) {
      askJson<ApiTrajectory>(`/api/runs/${run}/trajectories/${row}`).then(
        (value) => current && setTrajectory(value),
        (error: unknown) => current && setFailure(error instanceof Error ? error.message : String(error)),
      );
    }
    return () => {
      current = false;
    };
  }, [run, edition, row]);
  if (!has.trajectories) return null;
  const given = facts.value?.labels?.[row];
  return (
    <section class="curve">
      <h3>p over training</h3>
      {failure !== null && <p class="notice">{failure}</p>}
      <Plot
        values={trajectory?.labelProbability ?? []}
        others={trajectory === null ? [] : bestOthers(trajectory)}
        name={className(given)}
      />
      {trajectory !== null && <Predictions predicted={trajectory.predicted} given={given} />}
    </section>
  );
}

type Values = readonly (number | null)[];

function Plot({ values, others, name }: { readonly values: Values; readonly others: Values; readonly name: string }) {
  const x = (at: number): number => (values.length < 2 ? WIDTH / 2 : (at / (values.length - 1)) * WIDTH);
  const pointsOf = (list: Values): { x: number; y: number }[] =>
    list.flatMap((value, at) => (value === null ? [] : [{ x: x(at), y: (1 - value) * HEIGHT }]));
  const [points, otherPoints] = [pointsOf(values), pointsOf(others)];
  const lastOf = (list: Values): string => shareOf(list.findLast((value) => value !== null));
  const said = `p of ${name} over ${values.length} checkpoints, from ${shareOf(values[0])} to ${lastOf(values)}`;
  const besides = otherPoints.length > 0 ? `; of the best other to ${lastOf(others)}` : '';
  return (
    <>
      <svg viewBox={`${-LEFT} -8 ${WIDTH + LEFT + 12} ${HEIGHT + BOTTOM + 8}`} role="img" aria-label={said + besides}>
        <path class="axis" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
        {[1, 0.5, 0].map((value) => (
          <text key={value} x={-6} y={(1 - value) * HEIGHT + 4} text-anchor="end">
            {value === 0.5 ? '.5' : value}
          </text>
        ))}
        <text x={0} y={HEIGHT + 16}>
          first checkpoint
        </text>
        <text x={WIDTH} y={HEIGHT + 16} text-anchor="end">
          last
        </text>
        <polyline class="best" points={otherPoints.map((point) => `${point.x},${point.y}`).join(' ')} />
        {otherPoints.map((point) => (
          <rect key={point.x} class="best" x={point.x - 2.4} y={point.y - 2.4} width={4.8} height={4.8} />
        ))}
        <polyline class="given" points={points.map((point) => `${point.x},${point.y}`).join(' ')} />
        {points.map((point) => (
          <circle key={point.x} class="given" cx={point.x} cy={point.y} r={2.8} />
        ))}
      </svg>
      <p class="note curve-key">
        <span class="given">● {name}, given</span>
        {otherPoints.length > 0 && <span class="best">■ best other class</span>}
      </p>
    </>
  );
}

/** In words: what the network took it for, and how often. */
function Predictions({
  predicted,
  given,
}: {
  readonly predicted: readonly number[];
  readonly given: number | undefined;
}) {
  const counts = new Map<number, number>();
  for (const label of predicted) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, 3);
  return (
    <p class="note">
      Taken for{' '}
      {most.map(([label, count], at) => (
        <span key={label}>
          {at > 0 && ', '}
          <strong>{className(label)}</strong>
          {label === given && ' (given)'} {count} of {predicted.length} times
        </span>
      ))}
      .
    </p>
  );
}
