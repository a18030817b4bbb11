import { evaluateOod } from '@vogjs/ood/evaluation';
import { openRun, type Run } from '@vogjs/run';
import { oodFolder } from './record.js';

/** What the evaluation beside a run says of one set. */
export interface OodFound {
  readonly set: string;
  readonly examples: number;
  /** AUROC against the in-distribution set, by detector. */
  readonly auroc: Readonly<Record<string, number>>;
}

/** Read from the folder of the run; null for a run without sets beside it. */
export async function oodFound(run: Run, folder: string): Promise<readonly OodFound[] | null> {
  if (!(await run.has('ood/run.json'))) return null;
  const evaluation = await openRun(oodFolder(folder));
  const [table, { sets, detectors }] = [await evaluation.scores(), await evaluation.ood()];
  const [inside, ...others] = sets as [(typeof sets)[0], ...typeof sets];
  const found = others.map(({ name, start, end }) => ({
    set: name,
    examples: end - start,
    auroc: {} as Record<string, number>,
    values: (all: Float32Array) => all.subarray(start, end),
  }));
  for (const detector of detectors) {
    const all = await table.values(detector);
    const { hardDirection: oodDirection } = table.columns.find(({ name }) => name === detector)!;
    const ins = { values: all.subarray(inside.start, inside.end), oodDirection, detector };
    for (const { auroc, values } of found) {
      auroc[detector] = evaluateOod(ins, { values: values(all), oodDirection, detector }).auroc;
    }
  }
  return found.map(({ values: _, ...rest }) => rest);
}
