import { declareOptions, flag, type InputOf } from '@vogjs/base/options';
import { VogError, yieldToHost } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { cuts, sliceBatches } from './batches.js';
import type { EpochPlan } from './plan.js';

/** A tensor `[N, ...]`, or one for each of several inputs or outputs. */
export type TrainingTensors = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

/** Gives the training examples at these positions, in this order. The tensors become `fitDataset`'s, which disposes them. */
export type ExampleReader = (indices: Int32Array) => BatchTensors | Promise<BatchTensors>;

/** One batch as `fitDataset` takes it. */
export type BatchTensors = { readonly xs: tf.TensorContainer; readonly ys: tf.TensorContainer };

/** Options of `curriculum.dataset` and `curriculum.datasetFrom`. */
const datasetOptions = declareOptions('curriculum.dataset', {
  ...cuts,
  weightTargets: flag()
    .default(false)
    .about(
      "Carries weights into `fit` by multiplying one-hot targets with them, which is exact for the loss 'categoricalCrossentropy', linear in its targets, and wrong for any other. Needed for a curriculum that weighs.",
    ),
});

/** Options of `dataset`. */
export type DatasetOptions = InputOf<typeof datasetOptions.entries>;

/** What `fitDataset` takes. */
export type BatchDataset = tf.data.Dataset<BatchTensors>;

/** What a dataset asks of its curriculum. */
interface Planner {
  readonly isWeighted: boolean;
  readonly nextEpoch: number;
  plan(epoch: number): Promise<EpochPlan>;
}

/** Where a dataset's examples come from; `size` is null where only the reader knows. */
export interface ExampleSource {
  readonly read: ExampleReader;
  readonly size: number | null;
}

/** Milliseconds after which the host gets its turn: a callback instance in `fit` turns tfjs's own yielding off. */
const TURN = 50;

/** A dataset whose iterators plan their epoch when the first batch is asked for. */
export function batchDataset(curriculum: Planner, source: ExampleSource, options: DatasetOptions): BatchDataset {
  const { weightTargets, ...cut } = datasetOptions.resolve(options);
  if (curriculum.isWeighted && !weightTargets) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'curriculum.dataset: this curriculum weighs examples, and fit cannot: tfjs throws on sampleWeight. With one-hot targets ' +
        "and the loss 'categoricalCrossentropy' give { weightTargets: true }; otherwise loop over curriculum.batches(epoch).",
    );
  }
  if (weightTargets && !curriculum.isWeighted) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'curriculum.dataset: weightTargets is given, but this curriculum has no weights. Leave it out.',
    );
  }
  // fitDataset makes one iterator that it never reads: nothing may happen before the first batch is asked for, and a
  // generator's body does not run before that. Which epoch it is, the tracker says, not a count of iterators.
  let finished: number | null = null;
  return tf.data.generator(() =>
    readEpoch(curriculum, source, cut, weightTargets, {
      begin: (epoch) => {
        if (finished === epoch) throw stalled(epoch);
      },
      end: (epoch) => (finished = epoch),
    }),
  );
}

async function* readEpoch(
  curriculum: Planner,
  source: ExampleSource,
  cut: Parameters<typeof sliceBatches>[1],
  weightTargets: boolean,
  watch: { begin(epoch: number): void; end(epoch: number): void },
): AsyncGenerator<BatchTensors, void, undefined> {
  const epoch = curriculum.nextEpoch;
  watch.begin(epoch);
  const plan = async () => {
    const planned = await curriculum.plan(epoch);
    if (source.size !== null && source.size !== planned.weights.length) {
      throw new VogError(
        'INPUT_SHAPE',
        `curriculum.dataset: xs holds ${source.size} examples and the curriculum ${planned.weights.length}. Give the tensors of ` +
          'the probe, in its order, or the curriculum the ids of these training examples.',
      );
    }
    return planned;
  };
  let turn = performance.now();
  for await (const { indices, weights } of sliceBatches(plan, cut)) {
    if (curriculum.nextEpoch !== epoch) throw outlived(epoch);
    if (performance.now() - turn > TURN) {
      await yieldToHost();
      turn = performance.now();
    }
    const batch = await source.read(indices);
    yield weightTargets ? weighted(batch, weights) : batch;
  }
  watch.end(epoch);
}

/** Examples of tensors in memory. */
export function gatherFrom(xs: TrainingTensors, ys: TrainingTensors): ExampleSource {
  const all = [...listOf('xs', xs), ...listOf('ys', ys)];
  const size = all[0]!.shape[0] ?? 0;
  const other = all.find((tensor) => tensor.shape[0] !== size);
  if (other !== undefined || size === 0) {
    const shapes = all.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
    throw new VogError('INPUT_SHAPE', `curriculum.dataset: xs and ys need one row for each example; got ${shapes}.`);
  }
  return {
    size,
    read: (indices) =>
      tf.tidy(() => {
        const rows = tf.tensor1d(indices, 'int32');
        return { xs: mapTensors(xs, (x) => tf.gather(x, rows)), ys: mapTensors(ys, (y) => tf.gather(y, rows)) };
      }),
  };
}

function weighted({ xs, ys }: BatchTensors, weights: Float32Array): BatchTensors {
  if (!(ys instanceof tf.Tensor) || ys.rank !== 2 || ys.shape[1]! < 2) {
    throw new VogError(
      'INPUT_SHAPE',
      `curriculum.dataset: weightTargets is for one output with one-hot targets [batch, classes]; got ${ys instanceof tf.Tensor ? `[${ys.shape.join(', ')}]` : 'several outputs'}.`,
    );
  }
  const scaled = tf.tidy(() => tf.mul(ys, tf.tensor2d(weights, [weights.length, 1])));
  ys.dispose();
  return { xs, ys: scaled };
}

function listOf(name: string, tensors: TrainingTensors): tf.Tensor[] {
  const list = tensors instanceof tf.Tensor ? [tensors] : Object.values(tensors ?? {});
  if (list.length > 0 && list.every((tensor) => tensor instanceof tf.Tensor && tensor.rank > 0)) return list;
  throw new VogError(
    'ARGUMENT_INVALID',
    `curriculum.dataset: ${name} must be a tensor, or a list or record of tensors, whose first axis counts examples. For ` +
      'anything else use datasetFrom(read).',
  );
}

function mapTensors(tensors: TrainingTensors, change: (tensor: tf.Tensor) => tf.Tensor): tf.TensorContainer {
  if (tensors instanceof tf.Tensor) return change(tensors);
  if (Array.isArray(tensors)) return (tensors as readonly tf.Tensor[]).map(change);
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));
}

function stalled(epoch: number): VogError {
  return new VogError(
    'CURRICULUM_STALLED',
    `curriculum.dataset: epoch ${epoch} was read to its end and is asked for again, since the tracker was not told of its end. ` +
      'Put fitCallback(tracker) among the callbacks. To look at an order use plan(epoch); to train an epoch again make a new dataset.',
  );
}

function outlived(epoch: number): VogError {
  return new VogError(
    'CURRICULUM_STALLED',
    `curriculum.dataset: training went on to the next epoch while batches of epoch ${epoch} were still being read. Leave out ` +
      'batchesPerEpoch, with which tfjs reads the order only once; use stepsPerEpoch of curriculum.dataset.',
  );
}
