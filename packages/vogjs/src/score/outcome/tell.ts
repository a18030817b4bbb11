import type { Run } from '@vogjs/run';
import { exceeded, type Limit } from './limits.js';
import { summaryOf } from './summary.js';
import { printSummary } from './terminal.js';

/** Exit code where `--fail-above` says so. */
const EXCEEDED = 3;

/** Says what was found in a run that is complete; gives the exit code. */
export async function tellOutcome(run: Run, folder: string, limits: readonly Limit[], json: boolean): Promise<number> {
  const summary = await summaryOf(run, folder);
  const failures = exceeded(limits, summary.issues);
  if (json) console.log(JSON.stringify({ ...summary, failures }));
  else {
    printSummary(summary);
    for (const failure of failures) console.error(`\nvogjs: ${failure}`);
  }
  return failures.length > 0 ? EXCEEDED : 0;
}
