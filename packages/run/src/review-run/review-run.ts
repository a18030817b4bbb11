import { VogError } from '@vogjs/base';
import { LineWriter } from '../log/lines.js';
import type { Run } from '../open/open-run.js';
import { type Correction, CORRECTIONS, correctionsOf, encodeCorrections } from '../reviews/corrections.js';
import { checkReview, REVIEWS, type Review } from '../reviews/reviews.js';

/** Takes decisions about a run's examples, one writer a process; other processes may decide too. */
export interface Reviewer {
  /** Puts a decision on the disk; `when` is now unless it is given. */
  decide(review: Omit<Review, 'when'> & { readonly when?: string }): Promise<Review>;
  /** Writes `corrections.csv` from the decisions that stand now, and gives its rows. */
  writeCorrections(): Promise<Correction[]>;
}

/** @throws VogError ARGUMENT_INVALID by `decide` for what is no review, IDS_UNKNOWN for nobody in the run */
export async function reviewRun(run: Run): Promise<Reviewer> {
  const { storage, manifest } = run;
  const classes = manifest.classNames?.length ?? null;
  const lines = new LineWriter(storage, REVIEWS);
  const table = await run.scores();
  const [ids, labels] = await Promise.all([table.ids(), table.labels()]);
  const known = new Set(ids.map(String));
  return {
    async decide(given) {
      const review = checkReview({ when: new Date().toISOString(), ...given }, classes);
      if (!known.has(String(review.id))) {
        throw new VogError('IDS_UNKNOWN', `The run in ${storage.place} has no example '${review.id}'.`);
      }
      await lines.add(review);
      return review;
    },
    async writeCorrections() {
      const rows = correctionsOf(await run.reviews(), ids, labels, manifest.classNames);
      await storage.write(CORRECTIONS, new TextEncoder().encode(encodeCorrections(rows)));
      return rows;
    },
  };
}
