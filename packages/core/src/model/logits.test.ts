// Logits of every kind of head: the activation of what is found must be what the model itself gives.
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootBackend, normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import { logitsOf, modelAdapter } from './adapter.js';
import type { LogitsOptions } from './model.js';

const test = suite('logits');
test.before(() => bootBackend('cpu'));

const SEED = runSeed();
const random = uniformFrom(SEED);
const L = tf.layers;
type Activation = 'softmax' | 'sigmoid' | 'logSoftmax' | 'none' | 'unit';

const values = (shape: number[]): tf.Tensor =>
  tf.tensor(
    normalValues(
      shape.reduce((a, b) => a * b, 1),
      random,
    ),
    shape,
  );
const vectors = (width = 4, size = 5): tf.Tensor => values([size, width]);
const images = (): tf.Tensor => values([3, 8, 8, 2]);
const chain = (...layers: tf.layers.Layer[]): tf.Sequential => tf.sequential({ layers });
const dense = (units: number, activation: string | null = null, more: object = {}): tf.layers.Layer =>
  L.dense({ units, ...(activation === null ? {} : { activation: activation as 'softmax' }), ...more });
const first = { inputShape: [4] };

function randomise(model: tf.LayersModel): void {
  tf.tidy(() =>
    model.setWeights(
      model
        .getWeights()
        .map((w) => tf.mul(tf.abs(values(w.shape)), tf.where(tf.greater(values(w.shape), 0), 0.5, -0.5))),
    ),
  );
  const positiveVariances = (layer: tf.layers.Layer): void => {
    if (layer instanceof tf.LayersModel) layer.layers.forEach(positiveVariances);
    else if (layer.getClassName() === 'BatchNormalization') {
      tf.tidy(() => layer.setWeights(layer.getWeights().map((w) => tf.abs(w))));
    }
  };
  positiveVariances(model);
}

const applied: Record<Activation, (z: tf.Tensor2D) => tf.Tensor> = {
  softmax: (z) => tf.softmax(z),
  sigmoid: (z) => tf.sigmoid(z),
  logSoftmax: (z) => tf.logSoftmax(z),
  none: (z) => z,
  // A single unit z is the pair (-z/2, z/2): its softmax's second column is the sigmoid.
  unit: (z) => tf.slice(tf.softmax(z), [0, 1], [-1, 1]),
};

/** Inbound and outbound nodes and the configuration of every layer, nested ones too. */
function anatomy(model: tf.LayersModel): string {
  const nodes = (layer: tf.layers.Layer): unknown => {
    const { inboundNodes, outboundNodes } = layer as unknown as { inboundNodes: unknown[]; outboundNodes: unknown[] };
    const inner = layer instanceof tf.LayersModel ? layer.layers.map(nodes) : [];
    return [layer.name, inboundNodes.length, outboundNodes.length, inner];
  };
  return JSON.stringify([model.getConfig(), model.layers.map(nodes), model.weights.map(({ name }) => name)]);
}

const largest = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);

/** logitsOf must be the model without its activation, live, deterministic, and leave the model as it is. */
function check(
  name: string,
  make: () => { model: tf.LayersModel; x: tf.Tensor | tf.Tensor[] },
  activation: Activation,
  options: LogitsOptions = {},
  index = 0,
): void {
  test(`${name}: ${activation} of the logits = what the model gives, with weights live and the model as it was`, () => {
    const { model, x } = make();
    randomise(model);
    const before = anatomy(model);
    const tensors = tf.memory().numTensors;
    const logits = logitsOf(model, options);
    const predicted = (): tf.Tensor => [model.predict(x, { batchSize: 100 })].flat()[index] as tf.Tensor;
    const agree = (): void => {
      const [z, p] = [logits(x), predicted()];
      const error = largest(tf.reshape(applied[activation](z), p.shape), p);
      assert.ok(error < 3e-6, `SEED=${SEED}: differs by ${error}`);
    };
    tf.tidy(() => {
      agree();
      const earlier = logits(x);
      // training = false: dropout and batch normalisation give the same twice.
      assert.is(largest(earlier, logits(x)), 0);
      randomise(model);
      agree();
      assert.ok(largest(earlier, logits(x)) > 1e-4, 'the logits do not follow the weights');
      const gradients = tf.grads((...inputs) =>
        tf.sum(tf.square(logits(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs))),
      )([x].flat());
      for (const [i, gradient] of gradients.entries()) {
        assert.equal(gradient.shape, ([x].flat()[i] as tf.Tensor).shape);
        assert.ok((tf.max(tf.abs(gradient)).dataSync()[0] as number) > 0, `no gradient for input ${i}`);
      }
    });
    assert.is(anatomy(model), before);
    assert.is(tf.memory().numTensors, tensors);
    for (const weight of model.getWeights()) assert.not.ok(weight.isDisposed);
  });
}

check('dense softmax', () => ({ model: chain(dense(6, 'relu', first), dense(3, 'softmax')), x: vectors() }), 'softmax');
check(
  'logistic regression, the head on the input',
  () => ({ model: chain(dense(3, 'softmax', first)), x: vectors() }),
  'softmax',
);
check(
  'sigmoid of several units',
  () => ({ model: chain(dense(6, 'tanh', first), dense(3, 'sigmoid')), x: vectors() }),
  'sigmoid',
);
check(
  'sigmoid of one unit',
  () => ({ model: chain(dense(6, 'tanh', first), dense(1, 'sigmoid')), x: vectors() }),
  'unit',
);
check(
  'logSoftmax',
  () => ({ model: chain(dense(6, 'tanh', first), dense(3, 'logSoftmax')), x: vectors() }),
  'logSoftmax',
);
check('linear head', () => ({ model: chain(dense(6, 'tanh', first), dense(3)), x: vectors() }), 'none');
check(
  'tanh head, which is no squashing',
  () => ({ model: chain(dense(6, 'relu', first), dense(3, 'tanh')), x: vectors() }),
  'none',
);
check('Softmax layer', () => ({ model: chain(dense(3, null, first), L.softmax()), x: vectors() }), 'softmax');
check(
  'Activation layer',
  () => ({ model: chain(dense(3, null, first), L.activation({ activation: 'softmax' })), x: vectors() }),
  'softmax',
);
check(
  'Activation sigmoid layer',
  () => ({ model: chain(dense(3, null, first), L.activation({ activation: 'sigmoid' })), x: vectors() }),
  'sigmoid',
);
check(
  'no bias',
  () => ({ model: chain(dense(5, 'tanh', first), dense(3, 'softmax', { useBias: false })), x: vectors() }),
  'softmax',
);
check(
  'softmax, then dropout and reshape',
  () => ({
    model: chain(dense(4, 'softmax', first), L.dropout({ rate: 0.5 }), L.reshape({ targetShape: [4] })),
    x: vectors(),
  }),
  'softmax',
);
check(
  'dropout and batch normalisation inside',
  () => ({
    model: chain(
      dense(8, 'relu', first),
      L.batchNormalization(),
      L.dropout({ rate: 0.5 }),
      L.gaussianNoise({ stddev: 1 }),
      dense(3, 'softmax'),
    ),
    x: vectors(),
  }),
  'softmax',
);
check(
  'convolution with softmax, then flatten',
  () => ({
    model: chain(L.conv2d({ filters: 3, kernelSize: 8, activation: 'softmax', inputShape: [8, 8, 2] }), L.flatten()),
    x: images(),
  }),
  'softmax',
);
check(
  'separable convolution with sigmoid, then flatten',
  () => ({
    model: chain(
      L.separableConv2d({ filters: 3, kernelSize: 8, activation: 'sigmoid', inputShape: [8, 8, 2] }),
      L.flatten(),
    ),
    x: images(),
  }),
  'sigmoid',
);
check(
  'nested sequential([base, head])',
  () => {
    const base = chain(
      L.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 2] }),
      L.batchNormalization(),
      L.globalAveragePooling2d({}),
    );
    const head = chain(dense(5, 'tanh', { inputShape: [3] }), dense(3, 'softmax'));
    return { model: chain(base, head), x: images() };
  },
  'softmax',
);
check(
  'a head nested twice',
  () => {
    const inner = chain(dense(5, 'tanh', { inputShape: [6] }), dense(3, 'softmax'));
    const outer = chain(dense(6, 'tanh', { inputShape: [6] }), inner);
    return { model: chain(dense(6, 'tanh', first), outer), x: vectors() };
  },
  'softmax',
);
check(
  'a nested model in front and a softmax layer behind',
  () => ({ model: chain(chain(dense(5, 'tanh', first), dense(3)), L.softmax()), x: vectors() }),
  'softmax',
);
check(
  'a custom layer inside',
  () => {
    class Twice extends tf.layers.Layer {
      static className = 'Twice';
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([inputs].flat()[0] as tf.Tensor, 2);
      }
    }
    return { model: chain(dense(6, 'tanh', first), new Twice({}), dense(3, 'softmax')), x: vectors() };
  },
  'softmax',
);
check(
  'multi-input',
  () => {
    const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [3] })];
    const joined = L.concatenate().apply([dense(5, 'tanh').apply(a) as tf.SymbolicTensor, b]);
    return {
      model: tf.model({ inputs: [a, b], outputs: dense(3, 'softmax').apply(joined) as tf.SymbolicTensor }),
      x: [vectors(4), vectors(3)],
    };
  },
  'softmax',
);
check(
  'siamese: shared layers',
  () => {
    const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
    const shared = dense(5, 'tanh');
    const joined = L.concatenate().apply([shared.apply(a) as tf.SymbolicTensor, shared.apply(b) as tf.SymbolicTensor]);
    return {
      model: tf.model({ inputs: [a, b], outputs: dense(3, 'softmax').apply(joined) as tf.SymbolicTensor }),
      x: [vectors(), vectors()],
    };
  },
  'softmax',
);
check(
  'a head that is shared: each output by its own call',
  () => {
    const a = tf.input({ shape: [4] });
    const head = dense(3, 'softmax');
    const [one, two] = [dense(5, 'tanh').apply(a), dense(5, 'relu').apply(a)] as [tf.SymbolicTensor, tf.SymbolicTensor];
    return {
      model: tf.model({ inputs: a, outputs: [head.apply(one), head.apply(two)] as tf.SymbolicTensor[] }),
      x: vectors(),
    };
  },
  'softmax',
  { output: 1 },
  1,
);
check(
  'residual: an addition of layers, then softmax',
  () => {
    const a = tf.input({ shape: [4] });
    const sum = L.add().apply([dense(3, 'tanh').apply(a), dense(3).apply(a)] as tf.SymbolicTensor[]);
    return { model: tf.model({ inputs: a, outputs: L.softmax().apply(sum) as tf.SymbolicTensor }), x: vectors() };
  },
  'softmax',
);

const twoHeads = (): { model: tf.LayersModel; x: tf.Tensor } => {
  const a = tf.input({ shape: [4] });
  const h = dense(6, 'relu').apply(a);
  const heads = [
    dense(3, 'softmax', { name: `classes${random()}` }).apply(h),
    dense(2, null, { name: `values${random()}` }).apply(h),
  ];
  return { model: tf.model({ inputs: a, outputs: heads as tf.SymbolicTensor[] }), x: vectors() };
};
check('multi-output by index 0', twoHeads, 'softmax', { output: 0 });
check('multi-output by index', twoHeads, 'none', { output: 1 }, 1);

test('multi-output by name, an explicit layer with and without its softmax, a hidden layer', () => {
  const { model, x } = twoHeads();
  const [one = '', two = ''] = model.outputNames;
  tf.tidy(() => {
    assert.is(largest(logitsOf(model, { output: two })(x), logitsOf(model, { output: 1 })(x)), 0);
    assert.is(largest(logitsOf(model, { layer: two })(x), logitsOf(model, { output: 1 })(x)), 0);
    assert.is(
      largest(logitsOf(model, { layer: one })(x), logitsOf(model, { output: 0 })(x)),
      0,
      'a softmax on the named layer is left out',
    );
    const hidden = model.layers[1]?.name ?? '';
    assert.equal(logitsOf(model, { layer: hidden })(x).shape, [5, 6]);
  });
});

test('layers that another model uses as well are found by the model that was given', () => {
  const base = chain(dense(5, 'tanh', { ...first, name: 'shared-base' }), dense(3, 'softmax', { name: 'shared-head' }));
  const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
  const other = tf.model({
    inputs: a,
    outputs: base.layers[1]?.apply(base.layers[0]?.apply(a) as tf.SymbolicTensor) as tf.SymbolicTensor,
  });
  const twice = L.add().apply([base.layers[0]?.apply(b), base.layers[0]?.apply(b)] as tf.SymbolicTensor[]);
  const ambiguous = tf.model({ inputs: b, outputs: twice as tf.SymbolicTensor });
  const x = vectors();
  tf.tidy(() => {
    for (const model of [base, other]) {
      assert.ok(
        largest(tf.softmax(logitsOf(model, { layer: 'shared-head' })(x)), model.predict(x) as tf.Tensor) < 1e-6,
      );
      const { features } = modelAdapter.bind(model, {}, ['shared-base']).forward([x]);
      assert.is(largest(features['shared-base'] as tf.Tensor, base.layers[0]?.apply(x) as tf.Tensor), 0);
    }
  });
  refused(() => logitsOf(ambiguous, { layer: 'shared-base' }), 'LOGITS_UNRESOLVED', /has 2 outputs/);
});

test('features come with the logits of the same pass, the input layer and the head among them', () => {
  const model = chain(dense(5, 'tanh', { ...first, name: 'hidden' }), dense(3, 'softmax', { name: 'head' }));
  randomise(model);
  const x = vectors();
  tf.tidy(() => {
    const { logits, features } = modelAdapter.bind(model, {}, ['hidden', 'head']).forward([x]);
    assert.is(largest(features['hidden'] as tf.Tensor, model.layers[0]?.apply(x) as tf.Tensor), 0);
    assert.ok(largest(features['head'] as tf.Tensor, tf.softmax(logits)) < 1e-6);
    const functional = tf.model({ inputs: model.inputs, outputs: model.outputs });
    const name = functional.layers[0]?.name ?? '';
    assert.is(largest(modelAdapter.bind(functional, {}, [name]).forward([x]).features[name] as tf.Tensor, x), 0);
  });
});

test('a function gives its logits itself: one input bare, several as a list; a single column becomes a pair', () => {
  const x = vectors();
  tf.tidy(() => {
    assert.is(largest(logitsOf((input) => tf.mul(input as tf.Tensor, 2))(x), tf.mul(x, 2)), 0);
    const sum = logitsOf((inputs) =>
      tf.add((inputs as tf.Tensor[])[0] as tf.Tensor, (inputs as tf.Tensor[])[1] as tf.Tensor),
    );
    assert.is(largest(sum([x, x]), tf.mul(x, 2)), 0);
    const pair = logitsOf((input) => tf.slice(input as tf.Tensor2D, [0, 0], [-1, 1]))(x);
    assert.equal(pair.shape, [5, 2]);
    assert.is(
      largest(
        tf.sub(tf.slice(pair, [0, 1], [-1, 1]), tf.slice(pair, [0, 0], [-1, 1])),
        tf.slice(x as tf.Tensor2D, [0, 0], [-1, 1]),
      ),
      0,
    );
  });
});

test('a layer added after binding is seen by the next binding', () => {
  const model = chain(dense(5, 'tanh', first), dense(3, 'softmax'));
  const x = vectors();
  logitsOf(model)(x);
  model.pop();
  model.add(dense(2, 'softmax'));
  tf.tidy(() => assert.equal(logitsOf(model)(x).shape, [5, 2]));
});

function refused(run: () => unknown, code: string, part: RegExp): void {
  assert.throws(run, (error: unknown) => {
    if (!(error instanceof VogError)) throw error;
    return error.code === code && part.test(error.message);
  });
}

test('what cannot be resolved is LOGITS_UNRESOLVED, naming the layer and the option that helps', () => {
  const a = tf.input({ shape: [4] });
  const softmaxes = [
    dense(3, 'softmax').apply(a),
    dense(3, 'softmax', { name: 'second' }).apply(a),
  ] as tf.SymbolicTensor[];
  const average = tf.model({ inputs: a, outputs: L.average().apply(softmaxes) as tf.SymbolicTensor });
  refused(() => logitsOf(average), 'LOGITS_UNRESOLVED', /average.*(Average).*logits: \{ layer/s);
  const distributed = chain(
    L.timeDistributed({ layer: L.dense({ units: 3, activation: 'softmax' }), inputShape: [2, 4] }),
  );
  refused(() => logitsOf(distributed), 'LOGITS_UNRESOLVED', /TimeDistributed.*softmax/);
  const recurrent = chain(L.simpleRNN({ units: 3, activation: 'softmax', inputShape: [2, 4] }));
  refused(() => logitsOf(recurrent), 'LOGITS_UNRESOLVED', /SimpleRNN/);
  // Three axes: one class distribution per time step.
  const sequence = chain(dense(3, 'softmax', { inputShape: [2, 4] }));
  refused(() => logitsOf(sequence)(values([5, 2, 4])), 'LOGITS_UNRESOLVED', /\[5, classes\].*\[5, 2, 3\]/);
  refused(() => logitsOf(() => tf.ones([3, 3]))(vectors()), 'LOGITS_UNRESOLVED', /\[3, 3\]/);
  refused(() => logitsOf((() => 5) as never)(vectors()), 'LOGITS_UNRESOLVED', /number/);
  refused(() => logitsOf({} as never), 'LOGITS_UNRESOLVED', /two copies/);
  refused(
    () => logitsOf((x) => x as tf.Tensor, { layer: 'a' }),
    'ARGUMENT_INVALID',
    /function gives its logits itself/,
  );
  refused(() => modelAdapter.bind((x) => x as tf.Tensor, {}, ['a']), 'LAYER_UNKNOWN', /no layers/);
});

test('an average of softmaxes becomes resolvable by naming a layer', () => {
  const a = tf.input({ shape: [4] });
  const outputs = [dense(3, 'softmax', { name: 'left' }).apply(a), dense(3, 'softmax').apply(a)] as tf.SymbolicTensor[];
  const average = tf.model({ inputs: a, outputs: L.average().apply(outputs) as tf.SymbolicTensor });
  tf.tidy(() => assert.equal(logitsOf(average, { layer: 'left' })(vectors()).shape, [5, 3]));
});

test.run();
