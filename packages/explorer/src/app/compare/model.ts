import type { ListedRun } from '../../api/types.js';

const CORRECTED = '-corrected';

/**
 * The run that one is compared with unless people say otherwise: what it is a correction of, else the newest of the
 * older ones.
 *
 * @returns null where there is no other that can be read
 */
export function otherOf(runs: readonly ListedRun[], run: number): number | null {
  const others = runs.filter((each) => each.run !== run && each.state !== 'damaged');
  const own = runs.find((each) => each.run === run);
  const original = others.find(({ name }) => own?.name === `${name}${CORRECTED}`);
  if (original !== undefined) return original.run;
  const older = others.filter(({ changed }) => (changed ?? '') <= (own?.changed ?? ''));
  const [newest] = (older.length > 0 ? older : others).toSorted((a, b) =>
    (a.changed ?? '') < (b.changed ?? '') ? 1 : -1,
  );
  return newest?.run ?? null;
}

/** The run that was made of this one's corrections; null where there is none yet. */
export function correctionOf(runs: readonly ListedRun[], run: number): number | null {
  const own = runs.find((each) => each.run === run);
  return runs.find(({ name, state }) => state !== 'damaged' && name === `${own?.name}${CORRECTED}`)?.run ?? null;
}
