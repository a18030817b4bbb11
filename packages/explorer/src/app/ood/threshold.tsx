import { placeOf, type Scale } from '../model/scale.js';
import { figure, shareOf } from '../parts/words.js';
import { show } from '../state/view-state.js';
import { rateAt, type SetScores } from './model/set-scores.js';
import { judged } from './state.js';

const STEPS = 400;

interface ThresholdProps {
  readonly name: string;
  readonly at: number;
  readonly scale: Scale;
  readonly sets: readonly SetScores[];
}

/** Where the line is drawn: by hand, by the arrow keys, or where a rule puts it. */
export function Threshold({ name, at, scale, sets }: ThresholdProps) {
  const { easiest, hardest } = scale;
  const set = (place: number): void =>
    show({ threshold: Number((easiest + place * (hardest - easiest)).toPrecision(6)) });
  const told = sets.map((scores) => `${shareOf(rateAt(scores, at).count / scores.order.length)} of ${scores.set.name}`);
  const rules = judged.value?.thresholds;
  const put = (value: number | null, words: string) => (
    <button disabled={value !== null && !Number.isFinite(value)} onClick={() => show({ threshold: value })}>
      {words}
    </button>
  );
  return (
    <div class="threshold">
      <input
        type="range"
        min={0}
        max={STEPS}
        value={Math.round(placeOf(scale, at) * STEPS)}
        aria-label={`Threshold of ${name}`}
        aria-valuetext={`${figure(at)}: lets in ${told.join(', ')}`}
        onInput={(event) => set(Number(event.currentTarget.value) / STEPS)}
      />
      <p class="note legend">
        <span>in-distribution {figure(easiest)}</span>
        <span>height: √ share of the set</span>
        <span>out {figure(hardest)}</span>
      </p>
      <div class="acts">
        <span>
          Threshold <strong>{figure(at)}</strong>
        </span>
        {put(null, '95 % TPR')}
        {rules !== undefined &&
          put(rules.detectionError, sets.length > 2 ? `Least error, ${sets[1]?.set.name}` : 'Least error')}
      </div>
    </div>
  );
}
