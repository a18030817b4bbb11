import { anyOf, declareOptions, fits, type InputOf, integer, positiveShare } from '@vogjs/base/options';
import { VogError } from '@vogjs/core';

/**
 * Share of the examples that are available, in [0, 1], as a function of progress: 0 at the start of training, and
 * (E - 1) / E in the last of E epochs.
 */
export type PaceFunction = (progress: number) => number;

const bounds = {
  from: positiveShare().default(0.3).about('Share of the examples at the start.'),
  until: positiveShare()
    .default(0.5)
    .about('Progress at which all examples are available; by default half of the run sees all of them.'),
};
const steps = anyOf(
  integer(1),
  fits<number>('Infinity', (value) => value === Infinity),
).about('Number of jumps, evenly spaced in progress, the last one at `until`.');
const linearOptions = declareOptions('pace.linear', bounds);
const rootOptions = declareOptions('pace.root', bounds);
const stepOptions = declareOptions('pace.step', { ...bounds, steps: steps.default(1) });
const geometricOptions = declareOptions('pace.geometric', { ...bounds, steps: steps.default(Infinity) });

/** Where a pace begins, and when it has reached all examples. */
export type PaceOptions = InputOf<typeof linearOptions.entries>;

/** Options of a pace that moves in jumps. */
export type SteppedPaceOptions = InputOf<typeof stepOptions.entries>;

/**
 * `min(1, from + (1 - from) p / until)`.
 *
 * Source: Platanios et al., "Competence-based Curriculum Learning for Neural Machine Translation", NAACL 2019.
 *
 * @throws VogError ARGUMENT_INVALID
 */
function linear(options: PaceOptions = {}): PaceFunction {
  const { from, until } = linearOptions.resolve(options);
  return (progress) => (progress >= until ? 1 : from + ((1 - from) * progress) / until);
}

/**
 * `min(1, sqrt(from² + (1 - from²) p / until))`: new examples come in at a rate that falls as there are more of them,
 * so that each has the same time to be learned.
 *
 * Source: Platanios et al., NAACL 2019 (their square root competence).
 *
 * @throws VogError ARGUMENT_INVALID
 */
function root(options: PaceOptions = {}): PaceFunction {
  const { from, until } = rootOptions.resolve(options);
  return (progress) => (progress >= until ? 1 : Math.sqrt(from ** 2 + ((1 - from ** 2) * progress) / until));
}

/**
 * `from`, then equal jumps; with one step, the default, `from` before `until` and everything from there on.
 *
 * Source: Bengio et al., "Curriculum Learning", ICML 2009 (two stages); the single-step pacing of Hacohen &
 * Weinshall, "On the Power of Curriculum Learning in Training Deep Networks", ICML 2019.
 *
 * @throws VogError ARGUMENT_INVALID
 */
function step(options: SteppedPaceOptions = {}): PaceFunction {
  const { from, until, steps } = stepOptions.resolve(options);
  return (progress) => (progress >= until ? 1 : from + (1 - from) * stepped(progress / until, steps));
}

/**
 * `min(1, from^(1 - p / until))`: the share grows by the same factor in equal times. With `steps` it grows in as many
 * jumps, which is the fixed exponential pacing of Hacohen & Weinshall, ICML 2019; without, continuously.
 *
 * @throws VogError ARGUMENT_INVALID
 */
function geometric(options: SteppedPaceOptions = {}): PaceFunction {
  const { from, until, steps } = geometricOptions.resolve(options);
  return (progress) => (progress >= until ? 1 : from ** (1 - stepped(progress / until, steps)));
}

/** Pacing functions: how many of the examples are available as training goes on. */
export const pace = { linear, root, step, geometric } as const;

/** A pace by its name, with its default options. */
export type PaceName = keyof typeof pace;

/** The pace of that name, or the function as it is. */
export function paceOf(named: PaceName | PaceFunction): PaceFunction {
  if (typeof named === 'function') return named;
  if (typeof named === 'string' && Object.hasOwn(pace, named)) return pace[named]();
  throw new VogError(
    'ARGUMENT_INVALID',
    `curriculum: pace must be ${Object.keys(pace)
      .map((name) => `'${name}'`)
      .join(', ')} or a function of progress; got ${JSON.stringify(named) ?? String(named)}.`,
  );
}

/** Asks a pace, and refuses what is no share. */
export function shareAt(ask: PaceFunction, progress: number): number {
  const share = ask(progress);
  if (typeof share === 'number' && share >= 0 && share <= 1) return share;
  throw new VogError(
    'ARGUMENT_INVALID',
    `curriculum: the pace gave ${String(share)} at progress ${progress}; expected a share of the examples from 0 to 1.`,
  );
}

/** Progress in [0, 1] rounded down to a number of jumps; the small addend keeps 3 * (1 / 3) a whole step. */
function stepped(progress: number, steps: number): number {
  return steps === Infinity ? progress : Math.floor(progress * steps + 1e-9) / steps;
}
