// A GraphModel made by hand, as the converter would: convolution, relu, pool, matrix product, softmax.
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertInputGradient } from '@vogjs/backend';
import { normalValues, runSeed, uniformFrom, bootBackend } from '@vogjs/testing';
import { inputGradientOf } from '../gradients/input-gradient.js';
import { logitsOf, modelAdapter } from './adapter.js';
import { linearHeadOf } from './linear-head.js';
import { PENULTIMATE } from './penultimate.js';

const test = suite('graph model');
const SEED = runSeed();
const random = uniformFrom(SEED);
test.before(() => bootBackend('cpu'));

const F = { type: 'DT_FLOAT' };
const text = (value: string): string => Buffer.from(value).toString('base64');
const dims = (shape: number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });
const constant = (name: string, shape: number[], dtype = 'DT_FLOAT') => ({
  name,
  op: 'Const',
  input: [],
  attr: { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape: dims(shape) } } },
});
const strides = (...values: number[]) => ({ list: { i: values.map(String) } });

interface Options {
  /** Nodes after `logits`; the last is the output. */
  readonly tail?: object[];
  readonly inputShape?: object;
}

const softmax = { name: 'probabilities', op: 'Softmax', input: ['logits'], attr: { T: F } };

async function graphOf({
  tail = [softmax],
  inputShape = { shape: dims([-1, 8, 8, 2]) },
}: Options = {}): Promise<tf.GraphModel> {
  const NHWC = { s: text('NHWC') };
  const node = [
    { name: 'x', op: 'Placeholder', input: [], attr: { dtype: F, shape: inputShape } },
    constant('kernel', [3, 3, 2, 4]),
    constant('kernelBias', [4]),
    constant('weights', [64, 3]),
    constant('bias', [3]),
    constant('flatShape', [2], 'DT_INT32'),
    {
      name: 'convolution',
      op: '_FusedConv2D',
      input: ['x', 'kernel', 'kernelBias'],
      attr: {
        T: F,
        strides: strides(1, 1, 1, 1),
        padding: { s: text('SAME') },
        dilations: strides(1, 1, 1, 1),
        data_format: NHWC,
        num_args: { i: '1' },
        fused_ops: { list: { s: ['BiasAdd', 'Relu'].map(text) } },
        epsilon: { f: 0 },
      },
    },
    {
      name: 'pool',
      op: 'MaxPool',
      input: ['convolution'],
      attr: {
        T: F,
        ksize: strides(1, 2, 2, 1),
        strides: strides(1, 2, 2, 1),
        padding: { s: text('VALID') },
        data_format: NHWC,
      },
    },
    { name: 'flat', op: 'Reshape', input: ['pool', 'flatShape'], attr: { T: F, Tshape: { type: 'DT_INT32' } } },
    {
      name: 'logits',
      op: '_FusedMatMul',
      input: ['flat', 'weights', 'bias'],
      attr: {
        T: F,
        transpose_a: { b: false },
        transpose_b: { b: false },
        num_args: { i: '1' },
        fused_ops: { list: { s: [text('BiasAdd')] } },
        epsilon: { f: 0 },
      },
    },
    ...tail,
  ];
  const shapes: [string, number[]][] = [
    ['kernel', [3, 3, 2, 4]],
    ['kernelBias', [4]],
    ['weights', [64, 3]],
    ['bias', [3]],
  ];
  const values = shapes.map(([, shape]) =>
    normalValues(
      shape.reduce((a, b) => a * b, 1),
      random,
    ).map((x) => x / 3),
  );
  const weightSpecs = [
    ...shapes.map(([name, shape]) => ({ name, shape, dtype: 'float32' as const })),
    { name: 'flatShape', shape: [2], dtype: 'int32' as const },
  ];
  const bytes = Buffer.concat([...values, Int32Array.from([-1, 64])].map((array) => Buffer.from(array.buffer)));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return tf.loadGraphModel(
    tf.io.fromMemory({ modelTopology: { node, library: {}, versions: { producer: 440 } }, weightSpecs, weightData }),
  );
}

const inputs = (size = 3): tf.Tensor4D => tf.tensor4d(normalValues(size * 128, random), [size, 8, 8, 2]);
const largest = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);
const coded = (run: () => unknown, code: string, part: RegExp): void =>
  assert.throws(run, (error: unknown) => error instanceof VogError && error.code === code && part.test(error.message));

test('softmax of the logits = what the graph gives, behind identities too, and nothing is left', async () => {
  const identity = (name: string, input: string) => ({ name, op: 'Identity', input: [input], attr: { T: F } });
  const tails = [
    [softmax],
    [softmax, identity('StatefulPartitionedCall', 'probabilities')],
    [softmax, identity('first', 'probabilities'), identity('second', 'first')],
  ];
  for (const tail of tails) {
    const model = await graphOf({ tail });
    const x = inputs();
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const error = largest(tf.softmax(logitsOf(model)(x)), model.execute(x) as tf.Tensor);
      assert.ok(error < 1e-6, `SEED=${SEED}: ${error}`);
    });
    assert.is(tf.memory().numTensors, before);
    model.dispose();
  }
});

test('penultimate features are what the matrix product takes, with its bias fused, beside it or absent', async () => {
  const product = (name: string) => ({
    name,
    op: 'MatMul',
    input: ['flat', 'weights'],
    attr: { T: F, transpose_a: { b: false }, transpose_b: { b: false } },
  });
  const added = (op: string) => ({ name: 'sum', op, input: ['product', 'bias'], attr: { T: F } });
  const soft = (input: string) => ({ name: 'soft', op: 'Softmax', input: [input], attr: { T: F } });
  const x = inputs();
  for (const tail of [
    [softmax],
    [product('product'), soft('product')],
    [product('product'), added('BiasAdd'), soft('sum')],
    [product('product'), added('AddV2'), soft('sum')],
  ]) {
    const model = await graphOf({ tail });
    tf.tidy(() => {
      // Nodes that nobody takes are outputs too: 'logits' in all but the first.
      const last = { output: model.outputs.at(-1)?.name ?? '' };
      const { features } = modelAdapter.bind(model, last, [PENULTIMATE]).forward([x]);
      assert.is(largest(features[PENULTIMATE] as tf.Tensor, model.execute(x, 'flat') as tf.Tensor), 0);
      const { kernel, bias } = linearHeadOf(model, last);
      const product = tf.add(tf.matMul(features[PENULTIMATE] as tf.Tensor2D, kernel), bias);
      assert.ok(largest(product, logitsOf(model, last)(x)) < 1e-5, 'the head of the same layer');
    });
    model.dispose();
  }
  const pooled = await graphOf({ tail: [] });
  coded(() => modelAdapter.bind(pooled, { layer: 'pool' }, [PENULTIMATE]), 'LAYER_UNKNOWN', /'pool' \(MaxPool\)/);
  coded(() => linearHeadOf(pooled, { layer: 'pool' }), 'HEAD_NOT_LINEAR', /'pool'/);
});

test('a graph that ends in its logits, or is asked for a node by name, is taken as it is', async () => {
  const bare = await graphOf({ tail: [] });
  const model = await graphOf();
  const x = inputs();
  tf.tidy(() => {
    assert.is(largest(logitsOf(bare)(x), bare.execute(x) as tf.Tensor), 0);
    for (const options of [
      { layer: 'logits' },
      { layer: 'probabilities' },
      { output: 0 },
      { output: 'probabilities' },
    ]) {
      assert.is(
        largest(logitsOf(model, options)(x), model.execute(x, 'logits') as tf.Tensor),
        0,
        JSON.stringify(options),
      );
    }
  });
});

test('features come from the same execution as the logits, one node or several, the logits node too', async () => {
  const model = await graphOf();
  const x = inputs();
  tf.tidy(() => {
    for (const names of [['flat'], ['pool', 'convolution'], ['logits', 'flat']]) {
      const { logits, features } = modelAdapter.bind(model, {}, names).forward([x]);
      assert.equal(logits.shape, [3, 3]);
      for (const name of names)
        assert.is(largest(features[name] as tf.Tensor, model.execute(x, name) as tf.Tensor), 0, name);
    }
  });
});

test('the input gradient of a graph agrees with finite differences', async () => {
  const model = await graphOf();
  const logits = logitsOf(model);
  await assertInputGradient((x) => logits(x as tf.Tensor), inputs(2), { random });
});

test("the gradient by inputGradientOf is that of each example's own logit", async () => {
  const model = await graphOf();
  const x = inputs();
  tf.tidy(() => {
    const chosen = inputGradientOf(logitsOf(model), x, [2, 0, 1]);
    const mask = tf.tensor2d([
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
    ]);
    const plain = tf.grad((input) => tf.sum(tf.mul(model.execute(input, 'logits') as tf.Tensor, mask)))(x);
    assert.ok(largest(chosen, plain) < 1e-6);
  });
});

test('input shapes are read off the placeholder; one of unknown rank is not checked', async () => {
  assert.equal(modelAdapter.bind(await graphOf(), {}, []).inputShapes, [[8, 8, 2]]);
  assert.equal(modelAdapter.bind(await graphOf({ inputShape: { shape: dims([-1, -1, -1, 2]) } }), {}, []).inputShapes, [
    [null, null, 2],
  ]);
  const unknown = await graphOf({ inputShape: { shape: { unknownRank: true } } });
  assert.is(modelAdapter.bind(unknown, {}, []).inputShapes, null);
});

test('an unknown node or output is LAYER_UNKNOWN and says what there is; an unloaded graph is LOGITS_UNRESOLVED', async () => {
  const model = await graphOf();
  coded(() => logitsOf(model, { layer: 'nope' }), 'LAYER_UNKNOWN', /no node 'nope'.*logits, probabilities/);
  coded(() => logitsOf(model, { output: 3 }), 'LAYER_UNKNOWN', /output 3.*probabilities/);
  coded(() => logitsOf(model, { output: 'nope' }), 'LAYER_UNKNOWN', /nope/);
  coded(() => modelAdapter.bind(model, {}, ['nope']), 'LAYER_UNKNOWN', /nope/);
  coded(() => logitsOf(new tf.GraphModel('nowhere')), 'LOGITS_UNRESOLVED', /not loaded/);
});

test('a graph that takes only 4 examples at a time scores any number, each as in a batch of 4, and its gradient too', async () => {
  const model = await graphOf({ inputShape: { shape: dims([4, 8, 8, 2]) } });
  const before = tf.memory().numTensors;
  for (const size of [1, 4, 10]) {
    const x = inputs(size);
    tf.tidy(() => {
      const z = tf.softmax(logitsOf(model)(x));
      for (let row = 0; row < size; row++) {
        const four = tf.tile(tf.slice(x, row, 1), [4, 1, 1, 1]);
        const expected = tf.slice(model.execute(four) as tf.Tensor, 0, 1);
        const error = largest(tf.slice(z, row, 1), expected);
        assert.ok(error < 1e-6, `SEED=${SEED}: row ${row} of ${size} differs by ${error}`);
        const labels = Array.from({ length: size }, (_, i) => i % 3);
        const gradient = tf.slice(inputGradientOf(logitsOf(model), x, labels), row, 1);
        const alone = inputGradientOf(
          logitsOf(model),
          four,
          Array.from({ length: 4 }, () => row % 3),
        );
        assert.ok(largest(gradient, tf.slice(alone, 0, 1)) < 1e-6);
      }
    });
    x.dispose();
  }
  assert.is(tf.memory().numTensors, before);
  model.dispose();
});

test('several outputs and none chosen is LOGITS_UNRESOLVED naming all; a wrong name lists them', async () => {
  const tail = [softmax, { name: 'other', op: 'Relu', input: ['logits'], attr: { T: F } }];
  const model = await graphOf({ tail });
  const x = inputs();
  coded(
    () => logitsOf(model),
    'LOGITS_UNRESOLVED',
    /'probabilities'.*\(Softmax\).*'other'.*\(Relu\).*logits: \{ output/,
  );
  coded(() => linearHeadOf(model), 'LOGITS_UNRESOLVED', /several outputs/);
  for (const output of ['nobody', 'pool', 2, -1]) {
    coded(() => logitsOf(model, { output }), 'LAYER_UNKNOWN', /'probabilities'.*'other'/);
  }
  coded(() => logitsOf(model, { output: 0, layer: 'logits' }), 'ARGUMENT_INVALID', /both given/);
  tf.tidy(() => {
    const [soft, relu] = model.execute(x, ['probabilities', 'other']) as tf.Tensor[];
    for (const output of ['probabilities', 'probabilities:0', 0]) {
      assert.ok(largest(tf.softmax(logitsOf(model, { output })(x)), soft as tf.Tensor) < 1e-6);
    }
    assert.is(largest(logitsOf(model, { output: 'other' })(x), relu as tf.Tensor), 0);
  });
  x.dispose();
  model.dispose();
});

test.run();
