import { readFileSync } from 'node:fs';
import { VogError } from '@vogjs/base';
import { readNpz } from '@vogjs/formats';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadNamedWeights } from './load-named-weights.js';

const test = suite('loadNamedWeights from Keras');
test.before(async () => void (await tf.setBackend('cpu')));

interface Golden {
  readonly paths: readonly string[];
  /** Base64 of a file by `weight.path`, and by Keras 2's names. */
  readonly npz: string;
  readonly npz2: string;
  readonly input: number[];
  readonly shape: number[];
  readonly output: number[];
}
const golden = JSON.parse(readFileSync(new URL('keras.golden.json', import.meta.url), 'utf8')) as Record<
  string,
  Golden
>;
const of = (name: string): Golden => golden[name] as Golden;
const { layers, sequential } = tf;
const recurrentActivation = 'sigmoid';

/** The networks of the golden file, layers named alike. */
const NETWORKS: Readonly<Record<string, () => tf.LayersModel>> = {
  picture: () =>
    sequential({
      layers: [
        layers.conv2d({
          name: 'conv',
          inputShape: [7, 6, 2],
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          strides: 2,
          activation: 'relu',
        }),
        layers.batchNormalization({ name: 'bn' }),
        layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 2, depthMultiplier: 2 }),
        layers.separableConv2d({ name: 'separable', filters: 3, kernelSize: 2, padding: 'same' }),
        layers.conv2dTranspose({ name: 'up', filters: 5, kernelSize: 2, strides: 2 }),
        layers.layerNormalization({ name: 'ln' }),
        layers.prelu({ name: 'prelu' }),
        layers.flatten(),
        layers.dense({ name: 'fc', units: 3 }),
      ],
    }),
  text: () => {
    const lstm = layers.lstm({ name: 'lstm', units: 2, returnSequences: true, recurrentActivation });
    return sequential({
      layers: [
        layers.embedding({ name: 'words', inputDim: 7, outputDim: 3, inputLength: 5 }),
        layers.bidirectional({ name: 'both', layer: lstm as tf.RNN, mergeMode: 'concat' }),
        layers.gru({ name: 'gru', units: 3, returnSequences: true, recurrentActivation }),
        layers.timeDistributed({
          name: 'each',
          layer: layers.dense({ name: 'inner', units: 2, activation: 'tanh' }),
        }),
        layers.simpleRNN({ name: 'simple', units: 3 }),
        layers.dense({ name: 'fc', units: 3 }),
      ],
    });
  },
  nested: () => {
    const encoder = sequential({
      name: 'encoder',
      layers: [
        layers.dense({ name: 'a', inputShape: [4], units: 3, activation: 'relu' }),
        layers.dense({ name: 'b', units: 3, activation: 'relu' }),
      ],
    });
    return sequential({ layers: [encoder, layers.dense({ name: 'c', units: 3 })] });
  },
};
/** In the nested network two layers are called b in Keras. */
const NAMES: Readonly<Record<string, Record<string, string>>> = { nested: { b: 'encoder/b', c: 'head/b' } };

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

for (const [name, build] of Object.entries(NETWORKS)) {
  test(`the network '${name}' gives what Keras gives with these weights, by the names of Keras 3 and 2`, async () => {
    const { npz, npz2, input, shape, output, paths } = of(name);
    const files = name === 'nested' ? [npz] : [npz, npz2];
    for (const file of files) {
      const model = build();
      const names = NAMES[name];
      const tensors = await readNpz(bytes(file));
      const loaded = loadNamedWeights(model, tensors, { layout: 'keras', ...(names ? { names } : {}) });
      assert.is(Object.keys(loaded).length, paths.length);
      const got = tf.tidy(() => (model.predict(tf.tensor(input, shape)) as tf.Tensor).dataSync());
      for (const [i, wanted] of output.entries()) {
        assert.ok(Math.abs(got[i]! - wanted) < 2e-6 * Math.max(1, Math.abs(wanted)), `${i}: ${got[i]}, not ${wanted}`);
      }
    }
  });
}

async function refusal(name: string, build: () => tf.LayersModel, extra = {}): Promise<string> {
  try {
    loadNamedWeights(build(), { ...(await readNpz(bytes(of(name).npz))), ...extra }, { layout: 'keras' });
  } catch (error) {
    assert.instance(error, VogError);
    return `${(error as VogError).code} ${(error as VogError).message}`;
  }
  return 'nothing was thrown';
}

test('a name that two layers have is not guessed, and the message says how to tell them apart', async () => {
  const build = (): tf.LayersModel => {
    const encoder = layers.dense({ name: 'a', inputShape: [4], units: 3 });
    return sequential({ layers: [encoder, layers.dense({ name: 'b', units: 3 })] });
  };
  assert.match(
    await refusal('nested', build),
    /^WEIGHTS_MISMATCH .*b\/kernel may be "encoder\/b\/kernel" or "head\/b\/kernel".*names/,
  );
});

test('states of random seeds are passed over; what else is left over is refused', async () => {
  const { picture } = NETWORKS as { picture: () => tf.LayersModel };
  const seed = { data: Float32Array.of(1, 2), shape: [2] };
  assert.is(await refusal('picture', picture, { 'seed_generator/seed_generator_state': seed }), 'nothing was thrown');
  assert.match(
    await refusal('picture', picture, { 'sequential/old/kernel': seed }),
    /1 left over: "sequential\/old\/kernel"/,
  );
});

test('a GRU that resets after the product, as Keras makes it, is refused by its shape', async () => {
  const build = (): tf.LayersModel =>
    sequential({ layers: [layers.gru({ name: 'gru', inputShape: [5, 4], units: 3, recurrentActivation })] });
  const bias = { data: new Float32Array(18), shape: [2, 9] };
  const message = await refusal('text', build, { 'gru/gru_cell/bias': bias });
  assert.match(message, /"gru\/gru_cell\/bias" is \[2, 9\], expected \[9\]/);
});

test("both directions of a bidirectional layer have weights of their own in layout 'tfjs'", () => {
  const build = (): tf.LayersModel => {
    const layer = layers.lstm({ name: 'lstm', units: 2, recurrentActivation }) as tf.RNN;
    return sequential({
      layers: [layers.bidirectional({ name: 'both', layer, mergeMode: 'concat', inputShape: [4, 3] } as never)],
    });
  };
  const [first, second] = [build(), build()];
  const tensors = Object.fromEntries(
    first.weights.map((weight) => {
      const value = weight.read();
      return [weight.originalName, { data: value.dataSync() as Float32Array, shape: value.shape }];
    }),
  );
  loadNamedWeights(second, tensors, { layout: 'tfjs' });
  const x = tf.randomNormal([2, 4, 3], 0, 1, 'float32', 5);
  const [a, b] = [first, second].map((model) => Array.from((model.predict(x) as tf.Tensor).dataSync()));
  assert.equal(b, a);
});

test.run();
