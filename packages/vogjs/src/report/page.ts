import { basename } from 'node:path';
import { Scores } from '@vogjs/core';
import { renderReport, type ReportInput } from '@vogjs/report';
import type { Run, ScoreColumn, ScoresTable } from '@vogjs/run';
import { suspectLabels } from '../suspect-labels.js';
import { picturesOf } from './pictures.js';

/** Columns of several outputs, and those of probabilities, are for tables. */
const isTab = ({ metric, column, window }: ScoreColumn): boolean =>
  window === 'complete' && (column === metric || column === 'value');

/** The page of a run, as HTML. */
export async function pageOf(run: Run, folder: string): Promise<string> {
  const table = await run.scores();
  const { manifest } = run;
  const [ids, paths, labels, predicted] = await Promise.all([
    table.ids(),
    table.paths(),
    table.labels(),
    table.predicted(),
  ]);
  const names = paths ?? ids;
  const scoresOf = (column: ScoreColumn): Promise<Scores> => readScores(table, column, names, labels);
  const primary = table.columns.find(({ name }) => name === table.primary) ?? (table.columns[0] as ScoreColumn);
  const of = async (
    columns: readonly ScoreColumn[],
    key: (column: ScoreColumn) => string,
  ): Promise<Record<string, Scores>> =>
    Object.fromEntries(await Promise.all(columns.map(async (each) => [key(each), await scoresOf(each)] as const)));
  const windows = table.columns.filter(
    ({ metric, column, window }) => metric === primary.metric && column === primary.column && window !== 'complete',
  );
  const images = await picturesOf(run);
  const scores = await scoresOf(primary);
  const metrics = await of(table.columns.filter(isTab), ({ metric }) => metric);
  // The same object: the page would else compare the metric with itself, in a tab of the same name.
  if (isTab(primary)) metrics[primary.metric] = scores;
  const input: ReportInput = {
    title: manifest.data.source === null ? folder : basename(manifest.data.source),
    scores,
    windows: windows.length === 0 ? undefined : await of(windows, ({ window }) => window),
    metrics,
    suspects: await suspectsOf(run, ids),
    predictions: predicted ?? undefined,
    classNames: manifest.classNames ?? undefined,
    images: images ?? undefined,
    facts: [
      { label: 'Backend', value: manifest.backend ?? 'unknown' },
      { label: 'Model', value: manifest.model.name ?? 'stored outputs' },
      { label: 'Run', value: folder },
      { label: 'Made', value: manifest.changed },
    ],
  };
  return renderReport(input);
}

async function readScores(
  table: ScoresTable,
  { name, metric, column, window, hardDirection, checkpoints, notes }: ScoreColumn,
  ids: readonly (string | number)[],
  labels: Int32Array | null,
): Promise<Scores> {
  const values = await table.values(name);
  const classNames = table.classNames ?? undefined;
  return new Scores({ metric, column, window, hardDirection, checkpoints, notes, values, ids, labels, classNames });
}

async function suspectsOf(run: Run, ids: readonly (string | number)[]): Promise<ReportInput['suspects']> {
  if (!(await run.has('issues.json'))) return undefined;
  const rows = new Map(ids.map((id, row) => [String(id), row]));
  const { issues } = await run.issues();
  const suspects = suspectLabels(issues).map(({ id, score, why, suggested }) => ({
    index: rows.get(String(id)) as number,
    proposedLabel: suggested ?? null,
    percentile: 100 * score,
    reason: why,
  }));
  return suspects.length === 0 ? undefined : suspects;
}
