import { readFileSync } from 'node:fs';
import { editDistance, VogError } from '@vogjs/base';
import { forRandomInputs } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadNamedWeights, type NamedTensor, type NamedWeightsOptions } from './load-named-weights.js';

const test = suite('loadNamedWeights');
test.before(async () => void (await tf.setBackend('cpu')));

interface Tensor {
  readonly shape: number[];
  readonly data: number[];
}
interface Golden {
  readonly state: Readonly<Record<string, Tensor>>;
  readonly input: Tensor;
  readonly output: Tensor;
}
const golden = JSON.parse(readFileSync(new URL('torch.golden.json', import.meta.url), 'utf8')) as Record<
  string,
  Golden
>;
const { layers } = tf;
// An nn.Sequential names its modules by their number; a layer may not be called by one alone.
const numbered = (layer: string): string => layer.slice(1);

/** The networks of the golden file, space before channels. */
const NETWORKS: Readonly<Record<string, () => tf.Sequential>> = {
  picture: () =>
    tf.sequential({
      layers: [
        layers.conv2d({ name: 'm0', inputShape: [8, 6, 2], filters: 3, kernelSize: 3 }),
        layers.batchNormalization({ name: 'm1', epsilon: 1e-5 }),
        layers.reLU(),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.batchNormalization({ name: 'm5', epsilon: 1e-5 }),
        layers.dense({ name: 'm6', units: 4 }),
        layers.prelu({ name: 'm7' }),
        layers.dense({ name: 'm8', units: 3 }),
      ],
    }),
  depthwise: () =>
    tf.sequential({
      layers: [
        layers.depthwiseConv2d({ name: 'm0', inputShape: [5, 4, 3], kernelSize: [3, 2], depthMultiplier: 2 }),
        layers.prelu({ name: 'm1', sharedAxes: [1, 2] }),
        layers.conv2dTranspose({ name: 'm2', filters: 2, kernelSize: [2, 3], strides: [2, 3] }),
      ],
    }),
  line: () =>
    tf.sequential({
      layers: [
        layers.conv1d({ name: 'm0', inputShape: [6, 2], filters: 3, kernelSize: 3 }),
        layers.prelu({ name: 'm1', sharedAxes: [1, 2] }),
        layers.flatten(),
        layers.dense({ name: 'm3', units: 5 }),
        layers.layerNormalization({ name: 'm4', epsilon: 1e-5 }),
      ],
    }),
  volume: () =>
    tf.sequential({
      layers: [
        layers.conv3d({ name: 'm0', inputShape: [3, 4, 5, 2], filters: 3, kernelSize: [2, 3, 2] }),
        layers.flatten(),
        layers.dense({ name: 'm2', units: 2 }),
      ],
    }),
  words: () =>
    tf.sequential({
      layers: [
        layers.embedding({ name: 'm0', inputShape: [3], inputDim: 6, outputDim: 4 }),
        layers.dense({ name: 'm1', units: 3, useBias: false }),
      ],
    }),
};

const floats = (tensors: Readonly<Record<string, Tensor>>): Record<string, NamedTensor> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
/** Channels behind space, where there is space. */
const channelsLast = (tensor: tf.Tensor): tf.Tensor =>
  tensor.rank < 3 ? tensor : tf.transpose(tensor, [0, ...Array.from({ length: tensor.rank - 2 }, (_, i) => i + 2), 1]);

for (const [name, build] of Object.entries(NETWORKS)) {
  test(`the network '${name}' gives what PyTorch gives with these weights`, () => {
    const { state, input, output } = golden[name] as Golden;
    const model = build();
    const loaded = loadNamedWeights(model, floats(state), { layout: 'torch', names: numbered });
    assert.is(Object.keys(loaded).length, model.weights.length);
    tf.tidy(() => {
      const x = tf.tensor(input.data, input.shape);
      const expected = tf.tensor(output.data, output.shape);
      const isWords = name === 'words';
      const got = model.predict(isWords ? x : channelsLast(x)) as tf.Tensor;
      const wanted = isWords ? expected : channelsLast(expected);
      assert.equal(got.shape, wanted.shape);
      const worst = tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0] as number;
      assert.ok(worst < 2e-5, `${name}: ${worst}`);
    });
    model.dispose();
  });
}

const small = (): tf.Sequential =>
  tf.sequential({
    layers: [
      layers.conv2d({ name: 'stem.conv', inputShape: [4, 4, 1], filters: 2, kernelSize: 3 }),
      layers.globalAveragePooling2d({}),
      layers.dense({ name: 'head', units: 3 }),
    ],
  });
const tensor = (...shape: number[]): NamedTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, n) => product * n, 1)).fill(0.5),
});
const fitting = (): Record<string, NamedTensor> => ({
  'stem.conv.weight': tensor(2, 1, 3, 3),
  'stem.conv.bias': tensor(2),
  'head.weight': tensor(3, 2),
  'head.bias': tensor(3),
});

/** Loads into a fresh model, which must be left as it was, and gives the error. */
function refused(tensors: unknown, options: unknown = { layout: 'torch' }): VogError {
  const model = small();
  const before = model.getWeights().map((weight) => [...weight.dataSync()]);
  try {
    loadNamedWeights(model, tensors as Record<string, NamedTensor>, options as NamedWeightsOptions);
  } catch (error) {
    assert.instance(error, VogError, String(error));
    assert.equal(
      model.getWeights().map((weight) => [...weight.dataSync()]),
      before,
      'all or none',
    );
    return error as VogError;
  } finally {
    model.dispose();
  }
  throw new Error('it was accepted');
}

test('what was loaded is told, counters of batches are passed over, and no tensor is left', () => {
  const model = small();
  const before = tf.memory().numTensors;
  const counter = { shape: [], data: BigInt64Array.of(7n) };
  assert.equal(loadNamedWeights(model, { ...fitting(), 'stem.bn.num_batches_tracked': counter }, { layout: 'torch' }), {
    'stem.conv/kernel': 'stem.conv.weight',
    'stem.conv/bias': 'stem.conv.bias',
    'head/kernel': 'head.weight',
    'head/bias': 'head.bias',
  });
  assert.is(tf.memory().numTensors, before);
  assert.ok(model.getWeights().every((weight) => weight.dataSync().every((value) => value === 0.5)));
  model.dispose();
});

test('the data is copied: what happens to the array afterwards does not reach the model', () => {
  const model = small();
  const tensors = fitting();
  loadNamedWeights(model, tensors, { layout: 'torch' });
  for (const { data } of Object.values(tensors)) (data as Float32Array).fill(9);
  assert.ok(model.getWeights().every((weight) => weight.dataSync().every((value) => value === 0.5)));
  model.dispose();
});

test('missing, left-over and misshapen weights are all named, each missing one with the nearest name', () => {
  const { 'head.weight': weight, 'stem.conv.bias': bias, ...others } = fitting();
  const error = refused({ ...others, 'haed.weight': weight, 'stem.conv.bias': tensor(4), extra: bias });
  assert.is(error.code, 'WEIGHTS_MISMATCH');
  assert.match(error.message, '1 missing: "head.weight" [3, 2] for head/kernel (nearest: "haed.weight")');
  assert.match(error.message, '1 that do not fit: "stem.conv.bias" is [4], expected [2], for stem.conv/bias');
  assert.match(error.message, '2 left over: "haed.weight" [3, 2]; "extra" [2]');
});

test('a long list is cut, and says how much is left out', () => {
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`other.${i}`, tensor(1)]));
  assert.match(refused({ ...fitting(), ...many }).message, /20 left over: .*and 12 more/);
});

test('data that is no floats, or of another length than its shape, does not fit', () => {
  for (const [wrong, part] of [
    [{ shape: [3], data: BigInt64Array.of(1n, 2n, 3n) }, /expected floats/],
    [{ shape: [3], data: Int32Array.of(1, 2, 3) }, /expected floats/],
    [{ shape: [3], data: ['a', 'b', 'c'] }, /expected floats/],
    [{ shape: [3], data: Float32Array.of(1, 2) }, /has 2 values, expected 3/],
    [{ shape: '3', data: Float32Array.of(1, 2, 3) }, /is "3", expected \[3\]/],
    [{ data: Float32Array.of(1, 2, 3) }, /is undefined, expected \[3\]/],
    [null, /missing|expected/],
  ] as const) {
    const error = refused({ ...fitting(), 'head.bias': wrong });
    assert.is(error.code, 'WEIGHTS_MISMATCH');
    assert.match(error.message, part);
  }
});

test('names: by an object, by a function, with a prefix; a layer that is not there is LAYER_UNKNOWN with the nearest', () => {
  const { 'head.weight': weight, 'head.bias': bias, ...others } = fitting();
  const renamed = { ...others, 'module.fc.weight': weight, 'module.fc.bias': bias } as Record<string, NamedTensor>;
  const model = small();
  for (const names of [
    { head: 'module.fc' },
    (layer: string) => (layer === 'head' ? 'module.fc' : layer),
  ] as NamedWeightsOptions['names'][]) {
    const loaded = loadNamedWeights(model, renamed, { layout: 'torch', names: names! });
    assert.is(loaded['head/kernel'], 'module.fc.weight');
  }
  model.dispose();
  const error = refused(renamed, { layout: 'torch', names: { haed: 'module.fc' } });
  assert.is(error.code, 'LAYER_UNKNOWN');
  assert.match(error.message, /"haed".*Nearest: "head"/);
  assert.is(refused(renamed, { layout: 'torch', names: () => 3 }).code, 'ARGUMENT_INVALID');
});

test('what DataParallel, an averaged model and torch.compile put into names is passed over, where nothing fits as it is', () => {
  const model = small();
  const wraps: ((name: string) => string)[] = [
    (name) => `module.${name}`,
    (name) => `_orig_mod.${name}`,
    (name) => `module._orig_mod.${name}`,
    (name) => name.replace('stem.', 'stem.module.'),
    (name) => name.replace('stem.', 'stem._orig_mod.'),
  ];
  for (const wrap of wraps) {
    const wrapped = Object.fromEntries(Object.entries(fitting()).map(([name, value]) => [wrap(name), value]));
    const counters = { n_averaged: { shape: [], data: BigInt64Array.of(3n) } };
    const loaded = loadNamedWeights(model, { ...wrapped, ...counters }, { layout: 'torch' });
    assert.is(loaded['stem.conv/kernel'], wrap('stem.conv.weight'));
  }
  model.dispose();
  // Two of one name: the one that is called so is taken, and the other one is left over.
  assert.match(refused({ ...fitting(), 'module.head.bias': tensor(3) }).message, /1 left over: "module.head.bias"/);
  const { 'head.bias': bias, ...others } = fitting();
  const twice = { ...others, 'module.head.bias': bias!, '_orig_mod.head.bias': bias! };
  assert.match(refused(twice).message, /1 missing: "head.bias"/);
});

test('ignore lets tensors be left over, and no other', () => {
  const model = small();
  loadNamedWeights(
    model,
    { ...fitting(), 'ema.a': tensor(1), 'ema.b': tensor(1) },
    { layout: 'torch', ignore: /^ema\./g },
  );
  model.dispose();
  assert.match(
    refused({ ...fitting(), 'ema.a': tensor(1), b: tensor(1) }, { layout: 'torch', ignore: /^ema\./ }).message,
    '1 left over: "b"',
  );
});

test("layout 'tfjs' brings back what a model had, in a second model of the same names, for random weights", () => {
  forRandomInputs(10, (random) => {
    const [first, second] = [small(), small()];
    first.setWeights(
      first.getWeights().map(({ shape }) =>
        tf.tensor(
          Array.from({ length: shape.reduce((p, n) => p * n, 1) }, () => random.normal()),
          shape,
        ),
      ),
    );
    const saved = Object.fromEntries(
      first.weights.map((weight) => [
        (weight as unknown as { originalName: string }).originalName,
        { shape: weight.shape as number[], data: (weight.read() as tf.Tensor).dataSync() as Float32Array },
      ]),
    );
    assert.equal(Object.keys(saved), ['stem.conv/kernel', 'stem.conv/bias', 'head/kernel', 'head/bias']);
    loadNamedWeights(second, saved);
    assert.equal(
      second.getWeights().map((weight) => weight.dataSync()),
      first.getWeights().map((weight) => weight.dataSync()),
    );
    tf.dispose([first.getWeights(), second.getWeights()]);
  });
});

test('layers inside a model inside the model, and inside TimeDistributed, find their weights', () => {
  const inner = tf.sequential({ layers: [layers.dense({ name: 'inner', inputShape: [2], units: 2 })] });
  const model = tf.sequential({
    layers: [
      layers.timeDistributed({ inputShape: [3, 2], layer: layers.dense({ name: 'each', units: 2 }) }),
      layers.globalAveragePooling1d({}),
      inner,
    ],
  });
  const tensors = {
    'each.weight': { shape: [2, 2], data: [1, 2, 3, 4] },
    'each.bias': tensor(2),
    'inner.weight': tensor(2, 2),
    'inner.bias': tensor(2),
  };
  loadNamedWeights(model, tensors, { layout: 'torch' });
  assert.equal([...model.getWeights()[0]!.dataSync()], [1, 3, 2, 4]);
  model.dispose();
});

test('a kind of layer whose PyTorch layout is not known is refused by name, with the kinds that are', () => {
  const model = tf.sequential({ layers: [layers.gru({ name: 'memory', inputShape: [2, 3], units: 2 })] });
  assert.throws(
    () => loadNamedWeights(model, {}, { layout: 'torch' }),
    (error: unknown) =>
      error instanceof VogError && error.code === 'WEIGHTS_MISMATCH' && /'memory' is a GRU.*Conv2D/.test(error.message),
  );
  model.dispose();
});

test('names of another program than was said are told, and which layout reads them', () => {
  assert.match(refused(fitting(), {}).message, /look like PyTorch's: try layout 'torch'\.$/);
  const ofKeras = { 'sequential/head/kernel': tensor(2, 3), 'sequential/head/bias': tensor(3) };
  for (const layout of ['torch', 'tfjs']) {
    assert.match(refused(ofKeras, { layout }).message, /look like Keras's: try layout 'keras'\.$/);
  }
  assert.not.match(refused({ 'haed/kernel': tensor(2, 3) }, {}).message, /look like/);
});

test('wrong arguments are refused by name', () => {
  assert.match(refused(null).message, /tensors/);
  assert.match(refused([]).message, /tensors/);
  assert.match(refused({ tensors: fitting(), metadata: {} }).message, /readSafetensors\(bytes\)\.tensors/);
  for (const options of [
    { layout: 'jax' },
    { names: [1] },
    { names: { head: 1 } },
    { ignore: 'x' },
    { strict: false },
  ]) {
    assert.is(refused(fitting(), options).code, 'ARGUMENT_INVALID');
  }
  assert.throws(() => loadNamedWeights({} as tf.LayersModel, {}), /model must be a LayersModel/);
  const empty = tf.sequential();
  assert.throws(() => loadNamedWeights(empty, {}), /no weights yet/);
});

test('the edit distance counts letters to insert, drop or change', () => {
  for (const [a, b, distance] of [
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['ab', 'ba', 2],
  ] as const) {
    assert.is(editDistance(a, b), distance);
    assert.is(editDistance(b, a), distance);
  }
});

test.run();
