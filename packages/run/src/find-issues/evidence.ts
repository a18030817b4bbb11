import type { ShapedArray } from '@vogjs/base';
import type { IssueEvidence, MetadataColumn } from '@vogjs/issues';
import type { DifficultyScores } from '@vogjs/statistics';
import { FEATURES } from '../features/features.js';
import type { Run } from '../open/open-run.js';
import type { ScoresTable } from '../tables/scores-table.js';
import { TRAJECTORIES } from '../tables/trajectories.js';

/** Outputs of whole trainings that tell wrong labels from right ones, the best known first. VoG does not. */
const LABEL_METRICS = ['mean-loss', 'aum', 'el2n', 'margin', 'data-maps.confidence'];
/** Metrics whose columns `probability0`, … are outputs: of networks that left the example out, and of the run's own. */
const HELD_OUT = 'held-out';
const TRAINED = 'confident-learning';
/** The fact about examples that says which split they belong to. */
const SPLIT = 'split';

/** What a run knows of its examples, as far as issues are told by it. */
export async function evidenceOf(run: Run): Promise<IssueEvidence> {
  const table = await run.scores();
  const { classNames } = run.manifest;
  const labels = await table.labels();
  const isLabelled = labels !== null && labels.every((label) => label >= 0);
  const features = (await run.has(FEATURES)) ? await run.features() : null;
  const metadata = await metadataOf(table);
  const splits = metadata[SPLIT]?.map(String);
  return {
    ids: await table.ids(),
    classNames: classNames ?? undefined,
    ...(isLabelled && { labels }),
    heldOutProbabilities: await probabilitiesOf(table, HELD_OUT),
    trainedProbabilities: await probabilitiesOf(table, TRAINED),
    trajectories: await trajectoriesOf(run, table),
    predicted: (await table.predicted()) ?? undefined,
    ...(features && { features: { data: features.data, shape: [features.examples, features.size] } }),
    metadata,
    ...(splits && { splits }),
  };
}

async function metadataOf(table: ScoresTable): Promise<Record<string, (number | string | boolean | null)[]>> {
  const columns: Record<string, (number | string | boolean | null)[]> = {};
  for (const name of table.metaNames) columns[name] = await table.meta(name);
  return columns satisfies Record<string, MetadataColumn>;
}

async function probabilitiesOf(table: ScoresTable, metric: string): Promise<ShapedArray | undefined> {
  const own = table.columns.filter((each) => each.metric === metric && each.window === 'complete');
  const nameOf = (label: number): string | undefined =>
    own.find(({ column }) => column === `probability${label}`)?.name;
  const columns: Float32Array[] = [];
  for (let name = nameOf(0); name !== undefined; name = nameOf(columns.length)) columns.push(await table.values(name));
  if (columns.length < 2) return undefined;
  const data = new Float32Array(table.examples * columns.length);
  for (const [label, values] of columns.entries()) {
    for (const [i, value] of values.entries()) data[i * columns.length + label] = value;
  }
  return { data, shape: [table.examples, columns.length] };
}

/** Score columns of the whole training; without any, means over the checkpoints of the trajectories. */
async function trajectoriesOf(run: Run, table: ScoresTable): Promise<Record<string, DifficultyScores>> {
  const found: Record<string, DifficultyScores> = {};
  for (const name of LABEL_METRICS) {
    const column = table.columns.find((each) => each.name === name);
    if (column) found[name] = { values: await table.values(name), hardDirection: column.hardDirection };
  }
  if (Object.keys(found).length > 0 || !(await run.has(TRAJECTORIES))) return found;
  const trajectories = await run.trajectories();
  for (const [field, hardDirection] of [
    ['loss', 'high'],
    ['margin', 'low'],
  ] as const) {
    const values = new Float64Array(table.examples);
    for (let t = 0; t < trajectories.checkpoints; t++) {
      for (const [i, value] of (await trajectories.at(field, t)).entries())
        values[i]! += value / trajectories.checkpoints;
    }
    if (trajectories.checkpoints > 0) found[`mean ${field}`] = { values, hardDirection };
  }
  return found;
}
