import type { ScoresToWrite } from '@vogjs/run';

/** What a run is sorted by: VoG where there is one, else what tells wrong labels best without a gradient. */
const FIRST = ['vog', 'mean-loss', 'aum'];

/** The score column to sort by, of those that have values over the whole training. */
export function primaryOf(scores: readonly ScoresToWrite[]): ScoresToWrite | undefined {
  const whole = scores.filter(
    ({ window, values }) => window === 'complete' && values.some((value) => !Number.isNaN(value)),
  );
  const first = FIRST.map((name) => whole.find(({ metric }) => metric === name)).find((each) => each !== undefined);
  return first ?? whole[0];
}
