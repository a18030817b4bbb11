import { useEffect, useRef } from 'preact/hooks';
import { formatPercent, formatPercentile, formatScore } from '../format.js';
import { examples, opened, prediction, reading, snapshots } from '../state.js';
import type { Snapshot } from '../training.js';
import { Picture } from './picture.js';
import { useWidth } from './width.js';

/** One example: its picture, what the network says, and its VoG over the checkpoints. */
export function Detail() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [all, index] = [examples.value, opened.value];
  useEffect(() => {
    if (index !== null && !dialog.current?.open) dialog.current?.showModal();
    if (index === null) dialog.current?.close();
  }, [index]);
  const close = (): void => void (opened.value = null);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="detail-title"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {all !== null && index !== null && (
        <div class="detail">
          <header>
            <h2 id="detail-title">{all.ids[index]}</h2>
            <button type="button" class="quiet" onClick={close}>
              Close
            </button>
          </header>
          <div class="columns">
            <Picture examples={all} index={index} />
            <dl>
              <dt>Label</dt>
              <dd>{all.classNames[all.labels[index]!]}</dd>
              {all.planted?.[index] === 1 && (
                <>
                  <dt>Planted wrong</dt>
                  <dd class="truth">it is {all.classNames[all.trueLabels[index]!]}</dd>
                </>
              )}
              <dt>The network says</dt>
              <dd>
                <Says classNames={all.classNames} />
              </dd>
              <dt>Right at</dt>
              <dd>{formatPercent(snapshots.value.at(-1)?.correctness[index] ?? Number.NaN)} of the checkpoints</dd>
            </dl>
          </div>
          <Course snapshots={snapshots.value} index={index} />
        </div>
      )}
    </dialog>
  );
}

function Says({ classNames }: { readonly classNames: readonly string[] }) {
  const values = prediction.value;
  if (values === null) return <>…</>;
  const best = values.indexOf(values.reduce((a, b) => Math.max(a, b)));
  return (
    <>
      {classNames[best]} ({formatPercent(values[best]!)})
    </>
  );
}

const [HEIGHT, LEFT, BASE] = [200, 8, 24];

/** VoG after each checkpoint, beside the middle of all examples. */
function Course({ snapshots, index }: { readonly snapshots: readonly Snapshot[]; readonly index: number }) {
  const [drawn, width] = useWidth<SVGSVGElement>();
  const known = snapshots.filter(({ epoch }) => epoch >= 2);
  const last = known.at(-1);
  if (last === undefined) return <p class="note">Its VoG begins with the second checkpoint.</p>;
  const own = known.map((snapshot) => snapshot.scores[reading.value][index]!);
  const middle = known.map(({ scores, rankings }) => {
    const ranking = rankings[reading.value];
    return scores[reading.value][ranking[ranking.length >> 1]!]!;
  });
  const top = Math.max(...own, ...middle) || 1;
  const x = (i: number): number => LEFT + (known.length === 1 ? 0.5 : i / (known.length - 1)) * (width - 2 * LEFT);
  const y = (value: number): number => HEIGHT - BASE - (value / top) * (HEIGHT - BASE - 22);
  const path = (values: readonly number[]): string => values.map((value, i) => `${x(i)},${y(value)}`).join(' ');
  const percentile = formatPercentile(last.percentiles[reading.value][index]!);
  return (
    <figure class="course">
      <figcaption>
        VoG over the checkpoints <span class="note">({percentile}: the share of examples that are easier)</span>
      </figcaption>
      <svg
        ref={drawn}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`VoG after epochs 2 to ${last.epoch}: ${own.map(formatScore).join(', ')}. Median of all examples: ${middle.map(formatScore).join(', ')}.`}
      >
        <line class="axis" x1="0" x2={width} y1={HEIGHT - BASE} y2={HEIGHT - BASE} />
        <polyline class="median" points={path(middle)} />
        <polyline class="own" points={path(own)} />
        {own.map((value, i) => (
          <circle key={i} class="own" cx={x(i)} cy={y(value)} r="4" />
        ))}
        <text x="0" y="12">
          {formatScore(top)}
        </text>
        <text x={LEFT} y={HEIGHT - 6}>
          epoch 2
        </text>
        {known.length > 1 && (
          <text x={width - LEFT} y={HEIGHT - 6} text-anchor="end">
            epoch {last.epoch}
          </text>
        )}
      </svg>
      <p class="legend">
        <span>
          <i class="swatch own" />
          this example: {formatScore(own.at(-1)!)}
        </span>
        <span>
          <i class="swatch" />
          median of all: {formatScore(middle.at(-1)!)}
        </span>
      </p>
    </figure>
  );
}
