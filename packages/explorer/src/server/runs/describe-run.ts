import { VogError } from '@vogjs/base';
import { EXPORT_FORMATS } from '@vogjs/run';
import type { RunDescription } from '../../api/types.js';
import { listColumns } from './columns.js';
import type { ServedRun } from './served-run.js';

/** What there is of a run. A damaged part is told among the faults, and the others are there. */
export async function describeRun(served: ServedRun, number: number): Promise<RunDescription> {
  const { run, edition } = await served.open();
  const faults: string[] = [];
  const part = async <T>(name: string, read: () => Promise<T>): Promise<T | null> => {
    if (!(await run.has(name))) return null;
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof VogError)) throw error;
      faults.push(error.message);
      return null;
    }
  };
  const table = await part('scores.parquet', () => served.table(run));
  const thumbs = await part('thumbs/index.json', async () => {
    const { sheets: _, ...index } = await run.thumbs();
    return index;
  });
  const [issues, trajectories, features, ood] = await Promise.all(
    ['issues.json', 'trajectories.parquet', 'features.safetensors', 'ood.json'].map((name) => run.has(name)),
  );
  return {
    run: number,
    name: served.name,
    edition,
    manifest: run.manifest,
    columns: table === null ? [] : listColumns(table),
    primary: table?.primary ?? null,
    thumbs,
    has: {
      issues: issues === true,
      trajectories: trajectories === true,
      features: features === true,
      ood: ood === true,
    },
    faults,
    exports: EXPORT_FORMATS,
  };
}
