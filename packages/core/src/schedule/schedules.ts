import { VogError } from '@vogjs/base';
import type { Position } from './position.js';
import { checkRange, contains, type TrainingRange } from './ranges.js';

/**
 * Decides whether a checkpoint is due: a pure function of where training is now and where it was when asked last
 * (`null` the first time). It is asked after every batch and after every epoch.
 */
export interface Schedule {
  (now: Position, previous: Position | null): boolean;
  /** True when it can only be answered for a run of known length. */
  readonly needsTotal?: boolean;
}

const schedule = (due: (now: Position, previous: Position | null) => boolean, needsTotal = false): Schedule =>
  Object.assign(due, { needsTotal });

const crossed = (now: number, previous: number, every: number): boolean =>
  Math.floor(now / every) > Math.floor(previous / every);

/**
 * Asks a schedule. A promise is true in any condition, so whatever is no boolean is refused.
 *
 * @throws VogError ARGUMENT_INVALID
 */
export function isDue(due: Schedule, now: Position, previous: Position | null): boolean {
  const answer: unknown = due(now, previous);
  if (typeof answer === 'boolean') return answer;
  if (answer instanceof Promise) answer.catch(() => {});
  const got = answer instanceof Promise ? 'a promise: it cannot be async' : `${typeof answer} ${String(answer)}`;
  throw new VogError('ARGUMENT_INVALID', `A schedule must return true or false at once; it returned ${got}.`);
}

/** At the end of every epoch, or of every `n`th. */
export function everyEpoch(n = 1): Schedule {
  checkCount('everyEpoch', n);
  return schedule((now, previous) => crossed(now.epochsCompleted, previous?.epochsCompleted ?? now.epoch, n));
}

/** After every `n` optimizer steps (batches). */
export function everySteps(n: number): Schedule {
  checkCount('everySteps', n);
  return schedule((now, previous) => crossed(now.step, previous?.step ?? 0, n));
}

/** When training passes each of these fractions of the whole run, 0 < fraction <= 1. Needs a run of known length. */
export function atFractions(fractions: readonly number[]): Schedule {
  if (!Array.isArray(fractions)) {
    throw new VogError('ARGUMENT_INVALID', `atFractions needs an array, such as [0.5, 1]; got ${String(fractions)}.`);
  }
  if (
    fractions.length === 0 ||
    fractions.some((fraction) => !(typeof fraction === 'number' && fraction > 0 && fraction <= 1))
  ) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `atFractions([${fractions.join(', ')}]): give at least one fraction, each above 0 and at most 1.`,
    );
  }
  return schedule((now, previous) => {
    const before = previous?.progress ?? 0;
    const progress = now.progress ?? 0;
    // The slack lets 2 of 3 epochs count as the fraction 0.6666666666666667.
    return fractions.some((fraction) => before < fraction - 1e-9 && progress >= fraction - 1e-9);
  }, true);
}

/** At `count` optimizer steps spaced evenly on a logarithmic scale from step `first` to step `last`, both included. */
export function logSpaced(first: number, last: number, count: number): Schedule {
  const isNumber = typeof first === 'number' && typeof last === 'number';
  if (!(isNumber && first >= 1 && last > first && Number.isInteger(count) && count >= 2)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `logSpaced(${first}, ${last}, ${count}): needs 1 <= first < last and an integer count of 2 or more.`,
    );
  }
  const ratio = last / first;
  const marks = new Set(Array.from({ length: count }, (_, i) => Math.round(first * ratio ** (i / (count - 1)))));
  return schedule((now, previous) => {
    const before = previous?.step ?? 0;
    return [...marks].some((mark) => before < mark && now.step >= mark);
  });
}

/** `inner`, but only within `range`. */
export function during(inner: Schedule, range: TrainingRange): Schedule {
  checkSchedule('during', inner);
  checkRange('during', range);
  return schedule(
    (now, previous) => contains(range, now) && isDue(inner, now, previous),
    inner.needsTotal === true || range.unit === 'fraction',
  );
}

/** Whenever any of these is due. */
export function either(...schedules: readonly Schedule[]): Schedule {
  if (schedules.length === 0) throw new VogError('ARGUMENT_INVALID', 'either(): give at least one schedule.');
  for (const inner of schedules) checkSchedule('either', inner);
  return schedule(
    (now, previous) => schedules.some((inner) => isDue(inner, now, previous)),
    schedules.some((inner) => inner.needsTotal === true),
  );
}

function checkCount(name: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) {
    throw new VogError('ARGUMENT_INVALID', `${name}(${n}): the interval must be an integer of 1 or more.`);
  }
}

function checkSchedule(name: string, inner: unknown): void {
  if (typeof inner === 'function') return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name}: a schedule is a function, such as everyEpoch(); got ${typeof inner}.`,
  );
}
