import { resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { hashStrings, VogError } from '@vogjs/base';
import type { ResolvedConfig } from '../config/options.js';
import { loadModule } from '../config/module.js';
import type { Dataset } from '../data/dataset.js';
import { follow, type Following } from '../follow/followed.js';
import { chooseMetrics } from '../follow/metrics.js';
import { loadPlugins } from '../follow/plugins.js';
import { checkpointNeeds } from '../follow/score-checkpoints.js';
import type { Work } from '../follow/work.js';
import { prepareOod, tryDetectors } from '../ood/prepare-ood.js';
import { cnnSmall } from '../networks/cnn-small.js';
import { mlp } from '../networks/mlp.js';
import type { Network, NetworkTask } from '../networks/network.js';
import { classCount, shapesOf } from './batches.js';
import { heldOutProbabilities } from './folds.js';
import { timeEpoch, trainAndFollow, type Training } from './train.js';
import { stampsOf } from '../data/stamps.js';

const BUILT_IN: Readonly<Record<'cnn-small' | 'mlp', Network>> = { 'cnn-small': cnnSmall, mlp };

/** A training on the data: with a network that comes with this program, or one of a module. */
export async function prepareTraining(dataset: Dataset, config: ResolvedConfig): Promise<Work> {
  const { metrics: names, plugins = [], windows, chunkSize, epochs, batchSize, seed, folds, train } = config;
  const { labels = new Int32Array(), classNames } = dataset;
  checkExamples(labels, classNames, folds);
  checkLayout(dataset);
  const name =
    train ?? (config.network === 'auto' ? (dataset.kind === 'images' ? 'cnn-small' : 'mlp') : config.network);
  const task: NetworkTask = {
    shapes: shapesOf(dataset.inputs),
    levels: dataset.levels,
    classes: classNames?.length ?? classCount(labels),
    seed,
  };
  const network = train === undefined ? BUILT_IN[name as keyof typeof BUILT_IN] : await networkOf(train);
  const training: Training = {
    network: async () => checked(await network(task), name),
    epochs,
    batchSize: Math.min(batchSize, dataset.size),
    seed,
    setsRate: train === undefined,
  };
  const { metrics, notes } = chooseMetrics(names, { labels: true, model: true }, await loadPlugins(plugins));
  const ood = await prepareOod(config, dataset);
  const following: Following = { dataset, metrics, windows, chunkSize, ...(ood && { ood }) };
  return {
    dataset,
    model: {
      name,
      hash: hashStrings([
        name,
        JSON.stringify(task),
        ...(await stampsOf([...(train === undefined ? [] : [train]), ...plugins])),
      ]),
    },
    notes,
    ood: ood && {
      fingerprint: ood.fingerprint,
      async attempt() {
        const model = await training.network();
        await tryDetectors(ood, model, dataset);
        model.dispose();
      },
    },
    async plan() {
      const model = await training.network();
      const { tracker } = follow(following, epochs, 'one');
      const plan = await tracker.begin(model);
      tracker.dispose();
      const needs = await checkpointNeeds(following, model);
      model.dispose();
      const secondsPerEpoch = (await timeEpoch(dataset, training)) * (1 + Math.max(0, (folds ?? 1) - 1));
      return { plan, checkpoints: epochs, ...needs, secondsPerEpoch };
    },
    async follow(run, folder, before, tell, watch) {
      const followed = await trainAndFollow(following, training, run, folder, before, tell, watch);
      if (folds === undefined) return followed;
      return { ...followed, heldOut: await heldOutProbabilities(dataset, training, folds, folder, tell) };
    },
  };
}

/** PyTorch has channels in front. Read as they are, three rows of 32 channels would train a network without a word. */
function checkLayout({ inputs, source }: Dataset): void {
  const shapes = shapesOf(inputs);
  const [front = 0, height = 0, width = 0] = shapes.length === 1 ? (shapes[0] ?? []) : [];
  if (!(front === 1 || front === 3) || height <= 4 || width <= 4) return;
  throw new VogError(
    'INPUT_SHAPE',
    `${source} is [N, ${front}, ${height}, ${width}]: the channels are in front, as in PyTorch. Bring them behind: np.moveaxis(x, 1, -1).`,
  );
}

/** With more classes than this and hardly an example of each, the labels are no classes. */
const MANY_CLASSES = 100;

/** Refuses data on which no training can say anything. */
function checkExamples(labels: Int32Array, classNames: readonly string[] | undefined, folds: number | undefined): void {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  if (counts.size < 2) {
    throw new VogError('CLASSES_UNFIT', 'All examples have the same class. Give data of at least two classes.');
  }
  if (counts.size > MANY_CLASSES && labels.length < 2 * counts.size) {
    throw new VogError(
      'CLASSES_UNFIT',
      `There are ${counts.size} classes and ${labels.length} examples: too few of each to learn. If the labels are numbers, such as prices, cut them into ranges first; if they are names of single examples, take another column.`,
    );
  }
  const [rarest = 0, fewest = 0] = [...counts].toSorted(([, one], [, other]) => one - other)[0] ?? [];
  if (folds !== undefined && fewest < folds) {
    throw new VogError(
      'CLASSES_UNFIT',
      `Class '${classNames?.[rarest] ?? rarest}' has ${fewest} example${fewest === 1 ? '' : 's'}, and --folds ${folds} needs ${folds} in each class. Give fewer folds, or leave that class out.`,
    );
  }
}

async function networkOf(path: string): Promise<Network> {
  const found = await loadModule(resolve(path), 'CONFIG_INVALID');
  if (typeof found === 'function') return found as Network;
  throw new VogError(
    'CONFIG_INVALID',
    `${path} must export a function by default: ({ shapes, classes, seed }) => a compiled tf.LayersModel.`,
  );
}

function checked(model: unknown, name: string): tf.LayersModel {
  // What was not compiled has no optimizer.
  if (model instanceof tf.LayersModel && (model.optimizer as unknown) !== undefined) return model;
  throw new VogError(
    'CONFIG_INVALID',
    `${name} must give a tf.LayersModel that was compiled: model.compile({ optimizer, loss }).`,
  );
}
