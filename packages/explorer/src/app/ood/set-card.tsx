import type { OodEvaluation } from '@vogjs/ood/evaluation';
import { BINS, binsOf, countBins, placeOf, type Scale } from '../model/scale.js';
import { SIDE_SIGNS, shareOf } from '../parts/words.js';
import { type Rate, rateAt, type SetScores, valuesOf } from './model/set-scores.js';
import { useAuroc } from './use-interval.js';

interface SetCardProps {
  readonly scores: SetScores;
  /** Of the in-distribution set, with which the others are compared. */
  readonly ins: SetScores;
  readonly scale: Scale;
  readonly threshold: number;
  /** The largest share in a bar of any set. */
  readonly most: number;
  readonly evaluation: OodEvaluation | undefined;
}

const HEIGHT = 60;

/** Of each set, which share of it is in each bar: sets of any size are seen side by side. */
export function sharesOf(scores: SetScores, scale: Scale): Float64Array {
  const counts = countBins(binsOf(scale, valuesOf(scores)), null);
  return Float64Array.from(counts, (count) => count / scores.order.length);
}

/** One set: how its scores are spread, and what the threshold does with it. */
export function SetCard({ scores, ins, scale, threshold, most, evaluation }: SetCardProps) {
  const { name, side } = scores.set;
  const rate = rateAt(scores, threshold);
  const cut = placeOf(scale, threshold) * BINS;
  const bars = Array.from(sharesOf(scores, scale), (share, bin) => {
    const height = (Math.sqrt(share) / Math.sqrt(most)) * HEIGHT;
    return `M${bin + 0.08} ${HEIGHT}v${-height}h.84v${height}z`;
  }).join('');
  return (
    <section class={`card set ${side}`} aria-label={name}>
      <h2>
        <span aria-hidden="true">{SIDE_SIGNS[side]}</span> {name}{' '}
        <small>
          {side === 'in' ? 'the model was made for it' : 'it was not'} · {rate.total.toLocaleString('en')}
        </small>
      </h2>
      <div class="plot">
        <svg viewBox={`0 0 ${BINS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <rect class="brush" x={0} y={0} width={cut} height={HEIGHT} />
          <path class={side === 'in' ? 'within' : 'marked'} d={bars} />
          <path class="cut" d={`M${cut} 0V${HEIGHT}`} />
        </svg>
      </div>
      <p>
        Let in <strong>{rate.count.toLocaleString('en')}</strong> of {rate.total.toLocaleString('en')}:{' '}
        {side === 'in' ? 'TPR' : 'FPR'} <Told rate={rate} />
        {side === 'out' && <Auroc ins={ins} outs={scores} evaluation={evaluation} />}
      </p>
    </section>
  );
}

function Told({ rate }: { readonly rate: Rate }) {
  return (
    <>
      <strong>{shareOf(rate.count / rate.total)}</strong>{' '}
      <small>
        [{shareOf(rate.low)}, {shareOf(rate.high)}]
      </small>
    </>
  );
}

function Auroc({
  ins,
  outs,
  evaluation,
}: {
  readonly ins: SetScores;
  readonly outs: SetScores;
  readonly evaluation: OodEvaluation | undefined;
}) {
  const interval = useAuroc(evaluation === undefined ? undefined : ins, outs);
  if (evaluation === undefined) return null;
  return (
    <>
      {' '}
      · AUROC <strong>{evaluation.auroc.toFixed(3)}</strong>{' '}
      <small>{interval === null ? '[…]' : `[${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`}</small> · FPR at
      95 % TPR <strong>{shareOf(evaluation.fprAtTpr)}</strong>
      {evaluation.warnings.map(({ message }) => (
        <span key={message} class="note">
          {' '}
          {message}
        </span>
      ))}
    </>
  );
}
