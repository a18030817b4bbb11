import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTracker, defineMetric, loss, VogError } from '../index.js';

const test = suite('what a tracker tells of its run');
test.before(async () => {
  await tf.setBackend('cpu');
});

const metric = defineMetric({
  name: 'sum',
  hardDirection: 'high',
  requires: { loss },
  init: ({ size }) => ({ sum: tf.zeros([size]) as tf.Tensor }),
  update: ({ sum }, values) => ({ sum: tf.add(sum, values.loss) }),
  compute: ({ sum }) => sum,
});
const inputs = { data: new Float32Array(6), shape: [3, 2] };

test('examples: ids, class indices and names, in the order of the probe, also from one-hot labels in a tensor', async () => {
  const labels = tf.tensor2d([0, 1, 1, 0, 0, 1], [3, 2]);
  const tracker = createTracker({ inputs, labels, ids: ['a', 'b', 'c'], classNames: ['x', 'y'], metrics: [metric] });
  assert.equal(await tracker.examples(), {
    ids: ['a', 'b', 'c'],
    labels: Int32Array.of(1, 0, 1),
    classNames: ['x', 'y'],
  });
  tracker.dispose();
  let error: unknown;
  await tracker.examples().catch((thrown: unknown) => (error = thrown));
  assert.instance(error, VogError);
  assert.is((error as VogError).code, 'DISPOSED');
});

test('without ids and labels: positions, and null', async () => {
  const tracker = createTracker({ inputs, metrics: [{ ...metric, requires: {} }] });
  assert.equal(await tracker.examples(), { ids: [0, 1, 2], labels: null, classNames: undefined });
  tracker.dispose();
});

test('scores carry the words of their metric, or of their column, under whatever name it goes; and keep them', async () => {
  const [own, left, right] = ['own', 'left', 'right'].map((title) => ({ title, meaning: `what ${title} is` }));
  const single = { ...metric, name: 'renamed', words: own };
  const columns = {
    ...metric,
    name: 'two',
    compute: ({ sum }: Record<string, tf.Tensor>) => ({ left: sum!, right: sum! }),
  };
  const metrics = [single, { ...columns, words: { left: left!, right: right! } }, { ...metric, name: 'without' }];
  const tracker = createTracker({ inputs, labels: [0, 1, 0], metrics });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], activation: 'softmax' })] });
  await tracker.checkpoint(model, { epoch: 0 });
  assert.is((await tracker.scores('renamed')).words, own);
  assert.is((await tracker.scores('renamed')).normalise('classAbsolute').words, own);
  assert.equal(
    Object.values(await tracker.columns('two')).map(({ words }) => words),
    [left, right],
  );
  assert.is((await tracker.scores('without')).words, undefined);
  tracker.dispose();
});

test('runLength: what total said holds; what it did not say, begin tells', async () => {
  const options = { inputs, labels: [0, 1, 0], metrics: [metric] };
  const [open, known] = [createTracker(options), createTracker({ ...options, total: { epochs: 4 } })];
  assert.equal(open.runLength, {});
  assert.equal(known.runLength, { epochs: 4 });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], activation: 'softmax' })] });
  await open.begin(model, { epochs: 6, stepsPerEpoch: 2 });
  assert.equal(open.runLength, { epochs: 6, stepsPerEpoch: 2 });
  await known.begin(model, { epochs: 3, stepsPerEpoch: 2 });
  assert.equal(known.runLength, { epochs: 4, stepsPerEpoch: 2 });
  for (const tracker of [open, known]) tracker.dispose();
});

test('a run longer than total, or of other steps, is ARGUMENT_INVALID and changes nothing', async () => {
  const total = { epochs: 4, stepsPerEpoch: 5 };
  const tracker = createTracker({ inputs, labels: [0, 1, 0], metrics: [metric], total });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], activation: 'softmax' })] });
  for (const told of [{ epochs: 6 }, { stepsPerEpoch: 4 }, { epochs: -1 }, { epoch: 3 }]) {
    let error: unknown;
    await tracker.begin(model, told).catch((thrown: unknown) => (error = thrown));
    assert.is((error as VogError)?.code, 'ARGUMENT_INVALID', JSON.stringify(told));
    assert.equal(tracker.runLength, total);
  }
  tracker.dispose();
});

test.run();
