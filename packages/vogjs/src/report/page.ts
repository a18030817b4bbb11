import { basename } from 'node:path';
import { Scores, VogError } from '@vogjs/core';
import { renderReport, type ReportInput } from '@vogjs/report';
import type { Run, ScoreColumn, ScoresTable } from '@vogjs/run';
import { reportIssues } from './issues.js';
import { oodPageOf } from './ood-page.js';
import { linksOf } from './links.js';
import { withPictures } from './pictures.js';

/** Columns of several outputs, and those of probabilities, are for tables. */
const isTab = ({ metric, column, window }: ScoreColumn): boolean =>
  window === 'complete' && (column === metric || column === 'value');

/**
 * The page of a run, as HTML.
 *
 * @param out where it will be written: files are linked from there
 */
export async function pageOf(run: Run, folder: string, out?: string): Promise<string> {
  const table = await run.scores();
  const { manifest } = run;
  const facts = [
    { label: 'Backend', value: manifest.backend ?? 'unknown' },
    { label: 'Model', value: manifest.model.name ?? 'stored outputs' },
    { label: 'Run', value: folder },
    { label: 'Made', value: manifest.changed },
  ];
  if (await run.has('ood.json')) return oodPageOf(run, facts);
  const [ids, paths, labels, predicted] = await Promise.all([
    table.ids(),
    table.paths(),
    table.labels(),
    table.predicted(),
  ]);
  const names = paths ?? ids;
  const scoresOf = (column: ScoreColumn): Promise<Scores> => readScores(table, column, names, labels);
  const primary = table.columns.find(({ name }) => name === table.primary) ?? table.columns[0];
  if (primary === undefined) {
    throw new VogError('RUN_ABSENT', `The run in ${folder} has no scores, and a page is made of them. Score it first.`);
  }
  const of = async (
    columns: readonly ScoreColumn[],
    key: (column: ScoreColumn) => string,
  ): Promise<Record<string, Scores>> =>
    Object.fromEntries(await Promise.all(columns.map(async (each) => [key(each), await scoresOf(each)] as const)));
  const windows = table.columns.filter(
    ({ metric, column, window }) => metric === primary.metric && column === primary.column && window !== 'complete',
  );
  const scores = await scoresOf(primary);
  const metrics = await of(table.columns.filter(isTab), ({ metric }) => metric);
  // The same object: the page would else compare the metric with itself, in a tab of the same name.
  if (isTab(primary)) metrics[primary.metric] = scores;
  const links = await linksOf(run, paths, out);
  const input: ReportInput = {
    title: manifest.data.source === null ? folder : basename(manifest.data.source),
    scores,
    windows: windows.length === 0 ? undefined : await of(windows, ({ window }) => window),
    metrics,
    ...(await reportIssues(run, ids)),
    ...(links === undefined ? {} : { links }),
    predictions: predicted ?? undefined,
    classNames: manifest.classNames ?? undefined,
    facts,
  };
  return withPictures(run, (images) => renderReport(images === undefined ? input : { ...input, images }));
}

async function readScores(
  table: ScoresTable,
  { name, ...facts }: ScoreColumn,
  ids: readonly (string | number)[],
  labels: Int32Array | null,
): Promise<Scores> {
  const values = await table.values(name);
  const classNames = table.classNames ?? undefined;
  return new Scores({ ...facts, values, ids, labels, classNames });
}
