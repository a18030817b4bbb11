import { UsageError } from '@vogjs/example-shared';

/** Checkpoints from `from` up to, not including, `to`, by index. */
export interface WindowRange {
  readonly from: number;
  readonly to: number;
}

export const WINDOWS = ['early', 'middle', 'late', 'first 3', 'last 3', 'complete'] as const;
export type WindowName = (typeof WINDOWS)[number];

/** Fewer checkpoints would leave a third with one, which has no variance. */
const LEAST_CHECKPOINTS = 6;

/**
 * The thirds of a training, the paper's first and last three checkpoints (Figs. 10 and 11), and all of them.
 *
 * @throws UsageError where a third would have one checkpoint
 */
export function windowsOf(checkpoints: number): Readonly<Record<WindowName, WindowRange>> {
  if (checkpoints < LEAST_CHECKPOINTS) {
    throw new UsageError(
      `The training has ${checkpoints} checkpoints: each third of it needs two. Give one of at least ${LEAST_CHECKPOINTS}.`,
    );
  }
  const [third, twoThirds] = [Math.round(checkpoints / 3), Math.round((2 * checkpoints) / 3)];
  return {
    early: { from: 0, to: third },
    middle: { from: third, to: twoThirds },
    late: { from: twoThirds, to: checkpoints },
    'first 3': { from: 0, to: 3 },
    'last 3': { from: checkpoints - 3, to: checkpoints },
    complete: { from: 0, to: checkpoints },
  };
}
