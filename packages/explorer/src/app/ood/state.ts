// What the view of sets shows: a detector, its scores on each set in order, and where the threshold lies.
import { computed } from '@preact/signals';
import { VogError } from '@vogjs/base';
import { evaluateOod, type OodEvaluation } from '@vogjs/ood/evaluation';
import { scaleOf } from '../model/scale.js';
import { named } from '../state/axes.js';
import { ood, scoreValues, sets } from '../state/run-state.js';
import { view } from '../state/view-state.js';
import { setScores, type SetScores, valuesOf } from './model/set-scores.js';

/** The detector that is looked at. */
export const detector = computed(() => {
  const names = ood.value?.detectors ?? [];
  return named(names.find((name) => name === view.value.detector) ?? names[0] ?? null);
});
const oodDirection = computed(() => detector.value?.hardDirection ?? 'low');
const values = computed(() => (detector.value === undefined ? null : scoreValues(detector.value.name)));

/** Scores of each set; null before they are read. */
export const scores = computed((): readonly SetScores[] | null => {
  const read = values.value;
  return read && sets.value.map((set) => setScores(set, read, oodDirection.value));
});
/** In-distribution at the left; null where no two scores differ. */
export const scale = computed(() => values.value && scaleOf(values.value, oodDirection.value === 'high'));

/** A set that the model was not made for, judged; in words where it cannot be. */
export const evaluations = computed((): readonly (OodEvaluation | string)[] => {
  const [ins, ...outs] = scores.value ?? [];
  return ins === undefined ? [] : outs.map((out) => evaluated(ins, out));
});

function evaluated(ins: SetScores, outs: SetScores): OodEvaluation | string {
  try {
    return evaluateOod(valuesOf(ins), valuesOf(outs), { oodDirection: oodDirection.value });
  } catch (error) {
    if (error instanceof VogError) return error.message;
    throw error;
  }
}

/** The first set that could be judged: the threshold of 95 % TPR is the same for all. */
export const judged = computed(
  () => evaluations.value.find((each) => typeof each !== 'string') as OodEvaluation | undefined,
);
/** What is on this side of it, and on it, is let in. */
export const threshold = computed(() => view.value.threshold ?? judged.value?.thresholds.atTpr ?? null);
