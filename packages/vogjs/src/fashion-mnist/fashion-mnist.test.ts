import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fashionMnist, fashionMnistBytes } from './index.js';

const test = suite('fashionMnist');
test.before(async () => void (await tf.setBackend('cpu')));

test('tensors are the bytes over 255, and targets are the labels one-hot', async () => {
  const bytes = await fashionMnistBytes(50);
  const { inputs, targets, labels, classNames } = await fashionMnist(50);
  assert.equal(inputs.shape, [50, 28, 28, 1]);
  assert.equal(
    [...(await inputs.data())],
    [...bytes.pixels].map((pixel) => Math.fround(pixel / 255)),
  );
  assert.equal([...(await tf.argMax(targets, 1).data())], [...labels]);
  assert.is((await tf.sum(targets).data())[0], 50);
  assert.is(classNames[9], 'Ankle boot');
});

test('the first test images of the data set: an ankle boot, a pullover, two trousers; 1,000 of every class', async () => {
  const { labels } = await fashionMnistBytes();
  assert.equal([...labels.subarray(0, 4)], [9, 2, 1, 1]);
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  assert.equal(counts, new Array<number>(10).fill(1000));
});

test('a size that it has not is refused', async () => {
  for (const size of [0, -1, 1.5, 10_001, Number.NaN, null, '5'] as number[]) {
    let error: unknown;
    await fashionMnist(size).catch((thrown: unknown) => (error = thrown));
    assert.ok(error instanceof VogError && error.code === 'ARGUMENT_INVALID', String(size));
  }
});

test.run();
