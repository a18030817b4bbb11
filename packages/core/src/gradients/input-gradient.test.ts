import { VogError, type ErrorCode } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repairBackend } from '@vogjs/backend/repair';
import { logitsOf, modelAdapter } from '../model/adapter.js';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { inputGradientOf, tapeGradientEngine } from './input-gradient.js';

const test = suite('input gradient');
const SEED = runSeed();
const random = uniformFrom(SEED);
const CLASSES = 3;
function values<R extends tf.Rank>(shape: number[]): tf.Tensor<R> {
  const count = shape.reduce((a, b) => a * b, 1);
  const made: tf.Tensor = tf.tensor(normalValues(count, random), shape);
  return made as tf.Tensor<R>;
}
const largest = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);
const coded = (run: () => unknown, code: ErrorCode, part: RegExp): void => {
  assert.throws(run, (error: unknown) => {
    if (!(error instanceof VogError)) throw error;
    return error.code === code && part.test(error.message);
  });
};
const tape = (): unknown => (tf.engine() as unknown as { state: { activeTape: unknown } }).state.activeTape;

for (const backend of ['cpu', 'wasm'] as const) {
  test(`${backend}: every activation and label = plain tf.grad of the written-out expression, lean or not`, async () => {
    await bootBackend(backend);
    repairBackend();
    tf.tidy(() => {
      const kernel = values<tf.Rank.R4>([3, 3, 2, 3]);
      // Small, so that no softmax saturates: the expression, as plain tf has it, would lose the digits that are compared.
      const weights = tf.div<tf.Tensor2D>(values<tf.Rank.R2>([48, CLASSES]), 20);
      const logits = (x: tf.Tensor): tf.Tensor2D => {
        const maps = tf.relu(tf.conv2d(x as tf.Tensor4D, kernel, 1, 'valid'));
        return tf.matMul(tf.reshape(maps, [x.shape[0] as number, -1]), weights);
      };
      const x = values([5, 6, 6, 2]);
      const given = Int32Array.from({ length: 5 }, () => Math.floor(random() * CLASSES));
      for (const label of ['true', 'predicted'] as const) {
        const chosen = label === 'true' ? given : (tf.argMax(logits(x), 1).dataSync() as Int32Array);
        const mask = tf.tensor2d(
          Float32Array.from({ length: 5 * CLASSES }, (_, i) => Number(chosen[Math.floor(i / CLASSES)] === i % CLASSES)),
          [5, CLASSES],
        );
        const objectives = {
          logit: (z: tf.Tensor) => tf.sum(tf.mul(z, mask)),
          softmax: (z: tf.Tensor) => tf.sum(tf.mul(tf.softmax(z), mask)),
          loss: (z: tf.Tensor) => tf.neg(tf.sum(tf.mul(tf.logSoftmax(z), mask))),
        };
        for (const [activation, objective] of Object.entries(objectives) as [
          keyof typeof objectives,
          (z: tf.Tensor) => tf.Tensor,
        ][]) {
          const plain = tf.grad((input) => objective(logits(input)) as tf.Scalar)(x);
          const scale = tf.max(tf.abs(plain)).dataSync()[0] as number;
          for (const lean of [true, false]) {
            const actual = inputGradientOf(logits, x, label === 'true' ? given : null, { activation, label, lean });
            assert.equal(actual.shape, x.shape);
            const error = largest(actual, plain) / scale;
            assert.ok(scale > 0 && error < 5e-6, `SEED=${SEED}: ${label} ${activation} lean ${lean}: ${error}`);
          }
        }
      }
    });
  });
}

for (const backend of ['cpu', 'wasm'] as const) {
  test(`${backend}: gradients of probability and loss are within 2e-5 of float64 where the network is certain, right or wrong, to p = 1e-30`, async () => {
    await bootBackend(backend);
    tf.tidy(() => {
      const gaps = [0.1, 2, 8, 16, 17, 18, 20, 30, 50, 69];
      const rows = gaps.flatMap((gap) => [
        [gap, 0, -1],
        [-gap, 0, -1],
      ]);
      const x = tf.tensor2d(rows);
      const labels = rows.map(() => 0);
      // The logits are the inputs, so that the gradient is that of the formula alone.
      for (const activation of ['softmax', 'loss'] as const) {
        const gradient = inputGradientOf((z) => tf.mul(z, 1), x, labels, { activation }).arraySync() as number[][];
        for (const [i, row] of rows.entries()) {
          const masses = row.map((z) => Math.exp(z - Math.max(...row)));
          const whole = masses.reduce((sum, mass) => sum + mass, 0);
          const [own, ...others] = masses.map((mass) => mass / whole) as [number, ...number[]];
          const pull = [others.reduce((sum, p) => sum + p, 0), ...others.map((p) => -p)];
          const expected = pull.map((value) => (activation === 'softmax' ? own * value : -value));
          for (const [k, value] of expected.entries()) {
            const got = gradient[i]?.[k] as number;
            assert.ok(
              Math.abs(got / value - 1) < 2e-5,
              `${activation} of [${row}], logit ${k}: ${got}, float64 ${value}`,
            );
          }
        }
      }
    });
  });
}

test('one unit: the two classes of a sigmoid have opposite gradients, neither of them zero', async () => {
  await bootBackend('cpu');
  tf.tidy(() => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, activation: 'sigmoid', inputShape: [4] })] });
    const x = values([3, 4]);
    const [zero, one] = [0, 1].map((label) => inputGradientOf(logitsOf(model), x, [label, label, label])) as [
      tf.Tensor,
      tf.Tensor,
    ];
    assert.is(largest(zero, tf.neg(one)), 0);
    const [kernel] = model.getWeights() as [tf.Tensor];
    assert.ok(largest(one, tf.tile(tf.div(tf.reshape(kernel, [1, 4]), 2), [3, 1])) < 1e-7);
    model.dispose();
  });
});

test('logits, features and gradient of one pass; the gradient of the input that is asked for', async () => {
  await bootBackend('cpu');
  const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [3] })];
  const hidden = tf.layers.dense({ units: 5, activation: 'tanh', name: `hidden${SEED}` }).apply(a) as tf.SymbolicTensor;
  const joined = tf.layers.concatenate().apply([hidden, b]);
  const model = tf.model({
    inputs: [a, b],
    outputs: tf.layers.dense({ units: CLASSES, activation: 'softmax' }).apply(joined) as tf.SymbolicTensor,
  });
  tf.tidy(() => {
    const inputs = [values([2, 4]), values([2, 3])] as [tf.Tensor, tf.Tensor];
    const bound = modelAdapter.bind(model, {}, [`hidden${SEED}`]);
    const [, , weights] = model.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor2D];
    const label = Int32Array.of(0, 2);
    const job = { activation: 'logit', label } as const;
    const second = tapeGradientEngine.run(bound, inputs, { ...job, input: 1 });
    // The second input meets the last matrix directly: its gradient is a column of it.
    const rows = tf.transpose(tf.slice(weights, [5, 0], [3, CLASSES]));
    assert.ok(largest(second.gradient, tf.gather(rows, [0, 2])) < 1e-6);
    const first = tapeGradientEngine.run(bound, inputs, { ...job, input: 0 });
    assert.equal(first.gradient.shape, [2, 4]);
    const plain = bound.forward(inputs);
    for (const pass of [first, second]) {
      assert.is(largest(pass.logits, plain.logits), 0);
      assert.is(largest(pass.features[`hidden${SEED}`] as tf.Tensor, plain.features[`hidden${SEED}`] as tf.Tensor), 0);
    }
    coded(
      () => tapeGradientEngine.run(bound, inputs, { ...job, input: 2 }),
      'ARGUMENT_INVALID',
      /inputs 0 to 1, and no input 2/,
    );
  });
});

test('an int32 input, and operations without a gradient, are GRADIENT_UNSUPPORTED with the way out; nothing is left', async () => {
  await bootBackend('cpu');
  repairBackend();
  const [table, weights] = [values<tf.Rank.R2>([9, CLASSES]), values<tf.Rank.R2>([4, CLASSES])];
  const x = values([3, 4]);
  const ids = tf.tensor2d([[1], [2], [8]], [3, 1], 'int32');
  const before = tf.memory().numTensors;
  const embed = (input: tf.Tensor): tf.Tensor => tf.reshape(tf.gather(table, tf.cast(input, 'int32')), [3, CLASSES]);
  coded(() => inputGradientOf(embed, ids, [0, 1, 2]), 'GRADIENT_UNSUPPORTED', /int32.*embedding/);
  const constant = (): tf.Tensor => tf.ones([3, CLASSES]);
  coded(() => inputGradientOf(constant, x, [0, 1, 2]), 'GRADIENT_UNSUPPORTED', /gradient/);
  const einsum = (input: tf.Tensor): tf.Tensor => tf.einsum('ij,jk->ik', input, weights);
  coded(() => inputGradientOf(einsum, x, [0, 1, 2]), 'GRADIENT_UNSUPPORTED', /[Ee]insum/);
  assert.is(tape(), null);
  assert.is(tf.memory().numTensors, before);
  tf.dispose([table, weights, x, ids]);
});

test("an error of the user's own function comes through as it is", async () => {
  await bootBackend('cpu');
  const x = values([3, 4]);
  const before = tf.memory().numTensors;
  const failing = (): tf.Tensor => {
    tf.relu(x);
    throw new TypeError('mine');
  };
  assert.throws(
    () => inputGradientOf(failing, x, [0, 1, 2]),
    (error: unknown) => error instanceof TypeError && error.message === 'mine',
  );
  assert.is(tape(), null);
  assert.is(tf.memory().numTensors, before);
  x.dispose();
});

test('a kernel that the backend lacks on the way back is named by a code', async () => {
  await bootBackend('cpu');
  const kernel = tf.getKernel('EluGrad', 'cpu');
  tf.unregisterKernel('EluGrad', 'cpu');
  try {
    tf.tidy(() => {
      const weights = values<tf.Rank.R2>([4, CLASSES]);
      const logits = (x: tf.Tensor): tf.Tensor => tf.matMul(tf.elu(x) as tf.Tensor2D, weights);
      coded(() => inputGradientOf(logits, values([1, 4]), [0]), 'GRADIENT_UNSUPPORTED', /EluGrad.*'cpu'/);
    });
    assert.is(tape(), null);
  } finally {
    tf.registerKernel(kernel);
  }
});

test('labels that are missing, too few, fractional or out of range are refused', async () => {
  await bootBackend('cpu');
  tf.tidy(() => {
    const weights = values<tf.Rank.R2>([4, CLASSES]);
    const logits = (x: tf.Tensor): tf.Tensor => tf.matMul(x as tf.Tensor2D, weights);
    const x = values([3, 4]);
    coded(() => inputGradientOf(logits, x, null), 'LABEL_INVALID', /'predicted'/);
    coded(() => inputGradientOf(logits, x, [0, 1]), 'INPUT_SHAPE', /2 labels for 3/);
    coded(() => inputGradientOf(logits, x, [0, 1, 0.5]), 'LABEL_INVALID', /0.5/);
    coded(() => inputGradientOf(logits, x, [0, 1, 3]), 'LABEL_INVALID', /Label 3 of row 2/);
    coded(() => inputGradientOf(logits, x, [0, -1, 2]), 'LABEL_INVALID', /Label -1 of row 1/);
    assert.equal(inputGradientOf(logits, x, null, { label: 'predicted' }).shape, [3, 4]);
  });
});

test.run();
