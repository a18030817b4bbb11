import { selectBackend } from '@vogjs/backend/node';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testBackends } from '@vogjs/testing';
import { withMemoryMeter } from './memory-meter.js';

const test = suite('memory meter');

// TensorFlow's own aliases are tensors of their own to tfjs-node: there the count is an upper bound.
for (const backend of ['cpu', 'wasm'] as const) {
  test(`${backend}: the most bytes held at once, each buffer once however many tensors share it`, async () => {
    await selectBackend(backend);
    const before = tf.ones([1000]);
    const { result, footprint } = withMemoryMeter(() =>
      tf.tidy(() => {
        const a = tf.ones([100]); // 400 bytes
        const b = tf.add(a, 1); // 800
        const aliases = [tf.clone(b), tf.reshape(b, [10, 10]), tf.clone(a)];
        tf.dispose(a);
        const c = tf.mul(b, b); // 1200
        const larger = tf.greater(c, b); // 100 of bool: 1300
        tf.dispose([...aliases, b, c, larger]);
        return tf.add(tf.zeros([50]), 2); // 200 and 200
      }),
    );
    assert.equal(footprint, { bytes: 1300, largestTensorBytes: 400 });
    tf.dispose([before, result]);
  });
}

for (const backend of testBackends()) {
  test(`${backend}: numbers take four bytes, truth values one`, async () => {
    await selectBackend(backend);
    const { result, footprint } = withMemoryMeter(() => [
      tf.tensor1d([1.5, 2.5]),
      tf.tensor1d([1, 2, 3], 'int32'),
      tf.tensor1d([true, false], 'bool'),
      tf.tensor1d(['a', 'b'], 'string'),
    ]);
    assert.equal(footprint, { bytes: 8 + 12 + 2, largestTensorBytes: 12 });
    tf.dispose(result);
  });

  test(`${backend}: what was held before and is freed within does not count, nor make room`, async () => {
    await selectBackend(backend);
    const before = tf.ones([1000]);
    const { result, footprint } = withMemoryMeter(() => {
      before.dispose();
      return tf.ones([10]);
    });
    assert.equal(footprint, { bytes: 40, largestTensorBytes: 40 });
    result.dispose();
  });

  test(`${backend}: afterwards, also after an error, the backend is as it was, and its result comes through`, async () => {
    await selectBackend(backend);
    const storage = Object.values(tf.backend()).find((value) => value instanceof tf.DataStorage) as object;
    const keys = (): string[] => Object.keys(storage);
    const expected = keys();
    const { numTensors, numBytes } = tf.memory();
    assert.throws(
      () =>
        withMemoryMeter(() =>
          tf.tidy(() => {
            tf.ones([5]);
            throw new Error('planned');
          }),
        ),
      /planned/,
    );
    assert.equal([keys(), tf.memory().numTensors, tf.memory().numBytes], [expected, numTensors, numBytes]);
    assert.is(withMemoryMeter(() => 5).result, 5);
    assert.equal(withMemoryMeter(() => 5).footprint, { bytes: 0, largestTensorBytes: 0 });
  });
}

test.run();
