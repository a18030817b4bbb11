import { suspectLabels } from '../../suspect-labels.js';
import { type OodFound, oodFound } from '../ood/found.js';
import { accuracyOf } from '../follow/accuracy.js';
import type { Issue, IssueSummary, Run, ScoresTable } from '@vogjs/run';

/** One of the hardest examples. */
interface HardExample {
  readonly id: string | number;
  readonly path: string | null;
  readonly label: string | null;
  readonly predicted: string | null;
  readonly value: number;
}

/** What a run says, for the terminal and as JSON. */
export interface Summary {
  readonly run: string;
  readonly examples: number;
  readonly classes: number | null;
  readonly checkpoints: number;
  /** Whether a training of this run made them; else they were brought, from files. */
  readonly trained: boolean;
  readonly metrics: readonly string[];
  readonly backend: string | null;
  /** Share of examples whose label the last checkpoint predicts; null without labels. */
  readonly accuracy: number | null;
  readonly primary: string | null;
  readonly hardest: readonly HardExample[];
  readonly issues: readonly IssueSummary[];
  /** Flagged label errors, most suspect first. */
  readonly labelErrors: readonly Issue[];
  readonly notes: readonly string[];
  /** Sets of an out-of-distribution evaluation beside the run; null where there are none. */
  readonly ood: readonly OodFound[] | null;
}

const SHOWN = 5;

/** Reads it from the folder, so that a run of last week says the same as one of now. */
export async function summaryOf(run: Run, folder: string): Promise<Summary> {
  const { manifest } = run;
  const table = await run.scores();
  const [labels, predicted] = await Promise.all([table.labels(), table.predicted()]);
  const issues = (await run.has('issues.json')) ? await run.issues() : { summary: [], issues: [] };
  return {
    run: folder,
    examples: manifest.examples,
    classes: manifest.classNames?.length ?? (labels === null ? null : new Set(labels).size),
    checkpoints: manifest.checkpoints.length,
    trained: manifest.checkpoints.every(({ source }) => source === undefined),
    metrics: manifest.metrics,
    backend: manifest.backend,
    accuracy: labels === null || predicted === null ? null : accuracyOf(predicted, labels),
    primary: table.primary,
    hardest: await hardestOf(table, labels, predicted),
    issues: issues.summary,
    labelErrors: suspectLabels(issues.issues),
    notes: manifest.notes,
    ood: await oodFound(run, folder),
  };
}

async function hardestOf(
  table: ScoresTable,
  labels: Int32Array | null,
  predicted: Int32Array | null,
): Promise<HardExample[]> {
  const column = table.columns.find(({ name }) => name === table.primary);
  if (column === undefined) return [];
  const nameOf = (list: Int32Array | null, row: number): string | null => {
    const label = list?.[row];
    return label === undefined || label < 0 ? null : (table.classNames?.[label] ?? String(label));
  };
  const [ids, paths, values] = await Promise.all([table.ids(), table.paths(), table.values(column.name)]);
  const sign = column.hardDirection === 'high' ? -1 : 1;
  const valueOf = (row: number): number => values[row] as number;
  return Array.from(values.keys())
    .filter((row) => !Number.isNaN(valueOf(row)))
    .toSorted((a, b) => sign * (valueOf(a) - valueOf(b)) || a - b)
    .slice(0, SHOWN)
    .map((row) => ({
      id: ids[row] as string | number,
      path: paths?.[row] ?? null,
      label: nameOf(labels, row),
      predicted: nameOf(predicted, row),
      value: valueOf(row),
    }));
}
