import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { hashStrings, VogError } from '@vogjs/base';
import { fileStep } from '@vogjs/formats/files';
import { UsageError } from '../usage-error.js';
import { openLogits } from './checkpoints/logit-files.js';
import { arrivingModels } from './checkpoints/arriving-models.js';
import { savedModels } from './checkpoints/saved-models.js';
import { storedLogits } from './checkpoints/stored-logits.js';
import type { ResolvedConfig } from './config/options.js';
import { readArrayFile } from './data/array-file.js';
import { correctDataset } from './data/corrections.js';
import type { Dataset } from './data/dataset.js';
import { readPictures } from './data/image-folder.js';
import { readTable, TABLES } from './data/table.js';
import { stampsOf } from './data/stamps.js';
import type { Following } from './follow/followed.js';
import { chooseMetrics } from './follow/metrics.js';
import type { NewsStream } from './fetched/fetch-news.js';
import { fetchInputs } from './fetched/inputs.js';
import { loadPlugins } from './follow/plugins.js';
import { planCheckpoints, scoreCheckpoints, withBar } from './follow/score-checkpoints.js';
import type { Work } from './follow/work.js';
import { prepareOod, tryDetectors } from './ood/prepare-ood.js';
import { prepareTraining } from './training/prepare-training.js';
import { refuseContradictions, refuseForeign } from './unread.js';

/** What the run is made of, by which its folder is called unless told. */
export function sourceOf({ logits, data }: ResolvedConfig): string {
  if (logits !== undefined && data !== undefined) {
    throw new UsageError(`Stored logits need no data: leave out '${data}', or --logits.`);
  }
  const source = logits ?? data;
  if (source !== undefined) return source;
  throw new UsageError(
    'Nothing to score. Give data to train on, vogjs score photos/ or vogjs score table.csv --target COLUMN, or stored logits: --logits logits.npy',
  );
}

/**
 * Reads and checks what is to be scored, before anything is written; what of it is in stores is fetched first.
 *
 * @param news where it is told how far a long fetch is; null says nothing
 */
export async function prepare(config: ResolvedConfig, news: NewsStream | null = null): Promise<Work> {
  sourceOf(config);
  refuseContradictions(config);
  const { config: here, told, release } = await fetchInputs(config, news);
  try {
    const { dataset, model, notes, ...work } = await prepareHere(here, news);
    return {
      ...work,
      dataset: { ...dataset, source: told(dataset.source), notes: dataset.notes.map(told) },
      model: { ...model, name: model.name === null ? null : told(model.name) },
      notes: notes.map(told),
      release,
    };
  } catch (error) {
    await release();
    if (!(error instanceof VogError)) throw error;
    const message = told(error.message);
    throw message === error.message ? error : new VogError(error.code, message, { cause: error });
  }
}

async function prepareHere(config: ResolvedConfig, news: NewsStream | null): Promise<Work> {
  if (config.logits !== undefined) return prepareLogits(config);
  if (config.checkpoints !== undefined) {
    return prepareCheckpoints(await readData(config), config.checkpoints, config, news);
  }
  return prepareTraining(await readData(config), config);
}

/** Data as people corrected it, one file after the other. */
export async function readData(config: ResolvedConfig): Promise<Dataset> {
  let dataset = await readGiven(config);
  for (const path of config.corrections ?? []) dataset = await correctDataset(dataset, path);
  return dataset;
}

/** Data by what it is. */
async function readGiven(config: ResolvedConfig): Promise<Dataset> {
  const { data = '', labels, classNames, target, imageSize } = config;
  const isFolder = (await fileStep('read', data, () => stat(data))).isDirectory();
  const isTable = TABLES.includes(extname(data).toLowerCase());
  refuseForeign('a table', isTable, { target }, { labels, classNames });
  refuseForeign('a folder of pictures', isFolder, { imageSize }, {});
  if (isFolder) return readPictures(data, { labels, classNames, imageSize });
  if (isTable) return readTable(data, target);
  if (data.endsWith('.npy')) return readArrayFile(data, labels, classNames);
  const known = `a folder of pictures, a table (${TABLES.join(', ')}) or an .npy file of examples`;
  throw new VogError('DATA_UNKNOWN', `'${data}' cannot be scored: give ${known}.`);
}

async function prepareLogits(config: ResolvedConfig): Promise<Work> {
  const { logits = '', labels, classNames, metrics: names, plugins, windows, chunkSize } = config;
  if (config.corrections !== undefined) {
    throw new UsageError(
      '--corrections is for data that vogjs reads. For stored logits, correct the labels that you give with --labels.',
    );
  }
  const { dataset, checkpoints } = await storedLogits(await openLogits(logits), logits, labels, classNames);
  const { metrics, notes } = chooseMetrics(
    names,
    { labels: dataset.labels !== undefined, model: false },
    await loadPlugins(plugins),
  );
  const following: Following = { dataset, metrics, windows, chunkSize };
  return {
    dataset,
    model: { name: null, hash: null },
    notes,
    scoring: { following, checkpoints },
    plan: () => planCheckpoints(following, checkpoints),
    follow: (run, folder, before, _, watch) =>
      scoreCheckpoints(following, checkpoints, run, folder, before, withBar(watch)),
  };
}

async function prepareCheckpoints(
  dataset: Dataset,
  pattern: string,
  config: ResolvedConfig,
  news: NewsStream | null,
): Promise<Work> {
  const { model, layout, metrics: names, plugins, windows, chunkSize, watch: until, idle = 60, lag } = config;
  const saved = { pattern, model, layout, news };
  const checkpoints = await (until === undefined ? savedModels(saved) : arrivingModels({ ...saved, until, idle, lag }));
  const { metrics, notes } = chooseMetrics(
    names,
    { labels: dataset.labels !== undefined, model: true },
    await loadPlugins(plugins),
  );
  const ood = await prepareOod(config, dataset);
  const following: Following = { dataset, metrics, windows, chunkSize, ...(ood && { ood }) };
  return {
    dataset,
    ood: ood && {
      fingerprint: ood.fingerprint,
      attempt: async () => tryDetectors(ood, await checkpoints.open(0), dataset),
    },
    model: {
      name: model ?? pattern,
      hash: hashStrings([...checkpoints.sources, ...checkpoints.stamps, ...(await stampsOf(plugins ?? []))]),
    },
    notes,
    // What is still being saved cannot be cut into shards.
    ...(until === undefined ? { scoring: { following, checkpoints } } : {}),
    plan: () => planCheckpoints(following, checkpoints),
    follow: (run, folder, before, _, watch) =>
      scoreCheckpoints(following, checkpoints, run, folder, before, withBar(watch)),
  };
}
