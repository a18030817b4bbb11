// Only with --all: it scores saved checkpoints from files
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import { seededRandom, writeNpy, writeNpz, writeSafetensors } from '@vogjs/formats';
import { openRun, type Run } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepare } from '../prepare.js';
import { SCORE_OPTIONS, type ScoreConfig } from '../config/options.js';
import { beginRun } from '../follow/run-place.js';
import { finishRun } from '../outcome/finish.js';
import { saveModel } from './save-model.test.helper.js';
import { savedModels } from './saved-models.js';

const test = suite('saved checkpoints');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-checkpoints-'));
test.before(async () => {
  await selectBackend('cpu');
});
test.after(() => rmSync(folder, { recursive: true }));

const EXAMPLES = 12;
const WIDTH = 5;

function network(seed: number, units = 3): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const { dense } = tf.layers;
  const first = dense({ name: 'first', units: 4, activation: 'tanh', inputShape: [WIDTH], kernelInitializer });
  return tf.sequential({ layers: [first, dense({ name: 'last', units, activation: 'softmax', kernelInitializer })] });
}

function saveWeights(model: tf.LayersModel, path: string): void {
  const tensors = model.weights.map((weight) => {
    const value = weight.read();
    return [weight.originalName, { data: value.dataSync() as Float32Array, shape: value.shape }] as const;
  });
  writeFileSync(path, writeSafetensors(Object.fromEntries(tensors)));
}

async function scored(config: ScoreConfig, out: string): Promise<Run> {
  const resolved = SCORE_OPTIONS.resolve({
    data: join(folder, 'rows.npy'),
    labels: join(folder, 'labels.csv'),
    ...config,
  });
  const work = await prepare(resolved);
  const place = join(folder, out);
  const run = await beginRun({ folder: place, before: null }, { examples: EXAMPLES });
  return finishRun(work.dataset, await work.follow(run, place, null, () => {}), run, place);
}

test('folders with a model.json and weights by name give the same scores, and the probabilities of the model itself', async () => {
  const random = seededRandom(11);
  const rows = Float32Array.from({ length: EXAMPLES * WIDTH }, () => random.normal());
  const labels = Array.from({ length: EXAMPLES }, (_, row) => row % 3);
  writeFileSync(join(folder, 'rows.npy'), writeNpy({ data: rows, shape: [EXAMPLES, WIDTH] }));
  writeFileSync(join(folder, 'labels.csv'), `label\n${labels.join('\n')}\n`);
  const expected: number[][] = [];
  // By the value of their numbers: 10 comes after 9.
  for (const epoch of [1, 9, 10]) {
    const model = network(epoch);
    await saveModel(model, join(folder, `models/epoch-${epoch}`));
    saveWeights(model, join(folder, `epoch-${epoch}.safetensors`));
    const probabilities = (model.predict(tf.tensor(rows, [EXAMPLES, WIDTH])) as tf.Tensor).arraySync() as number[][];
    expected.push(labels.map((label, row) => probabilities[row]?.[label] as number));
  }
  const whole = await scored({ checkpoints: join(folder, 'models/*'), metrics: ['vog', 'aum'] }, 'whole');
  const named = await scored(
    {
      model: join(folder, 'models/epoch-1/model.json'),
      checkpoints: join(folder, '*.safetensors'),
      metrics: ['vog', 'aum'],
    },
    'named',
  );
  assert.equal(
    whole.manifest.checkpoints.map(({ source }) => source),
    ['epoch-1', 'epoch-9', 'epoch-10'],
  );
  const trajectories = await whole.trajectories();
  for (const [checkpoint, probabilities] of expected.entries()) {
    const got = await trajectories.at('labelProbability', checkpoint);
    for (const [row, value] of probabilities.entries()) assert.ok(Math.abs(got[row]! - value) < 1e-6);
  }
  for (const name of ['vog', 'aum']) {
    const values = Array.from(await (await whole.scores()).values(name));
    assert.ok(values.every(Number.isFinite));
    assert.equal(Array.from(await (await named.scores()).values(name)), values);
  }
});

test('weights in .npz by the names of Keras score as those of the models, with the network from a module', async () => {
  const isTaken = { metrics: ['vog', 'aum'], checkpoints: join(folder, '*.npz'), layout: 'keras' } as const;
  for (const epoch of [1, 9, 10]) {
    const tensors = network(epoch).weights.map((weight) => {
      const value = weight.read();
      // As Keras 3 has them: under the model, kernels before biases.
      return [`sequential/${weight.originalName}`, { data: value.dataSync() as Float32Array, shape: value.shape }];
    });
    writeFileSync(join(folder, `epoch-${epoch}.npz`), await writeNpz(Object.fromEntries(tensors)));
  }
  const layers =
    "tf.layers.dense({ name: 'first', units: 4, activation: 'tanh', inputShape: [5] }), " +
    "tf.layers.dense({ name: 'last', units: 3, activation: 'softmax' })";
  const module = `import * as tf from '@tensorflow/tfjs';\nexport default () => tf.sequential({ layers: [${layers}] });\n`;
  writeFileSync(join(folder, 'network.mjs'), module);
  const keras = await scored({ ...isTaken, model: join(folder, 'network.mjs') }, 'keras');
  const whole = await openRun(join(folder, 'whole'));
  for (const name of ['vog', 'aum']) {
    const expected = Array.from(await (await whole.scores()).values(name));
    assert.equal(Array.from(await (await keras.scores()).values(name)), expected);
  }
  const messageOf = async (config: ScoreConfig): Promise<string> =>
    scored({ ...isTaken, model: join(folder, 'network.mjs'), ...config }, 'no').then(
      () => 'nothing was thrown',
      ({ code, message }: VogError) => `${code} ${message}`,
    );
  assert.match(await messageOf({ layout: 'torch' }), /^WEIGHTS_MISMATCH .*epoch-1\.npz: .*try --layout keras/);
  writeFileSync(join(folder, 'nothing.mjs'), 'export default 3;\n');
  assert.match(
    await messageOf({ model: join(folder, 'nothing.mjs') }),
    /^CHECKPOINT_INVALID .*must export a tf\.LayersModel/,
  );
  const unnamed = await writeNpz({ arr_0: { data: new Float32Array(3), shape: [3] } });
  writeFileSync(join(folder, 'unnamed.npz'), unnamed);
  assert.match(
    await messageOf({ checkpoints: join(folder, 'unnamed.npz') }),
    /^CHECKPOINT_INVALID .*arrays without names.*np\.savez/,
  );
  writeFileSync(join(folder, 'torn.npz'), unnamed.subarray(0, 60));
  assert.match(await messageOf({ checkpoints: join(folder, 'torn.npz') }), /^FORMAT_\w+ .*torn\.npz: /);
  assert.not.ok(existsSync(join(folder, 'no')));
});

test('checkpoints that do not fit are refused before anything is written, and the message says what to do', async () => {
  const codeOf = async (config: ScoreConfig): Promise<string> => {
    try {
      await scored(config, 'refused');
    } catch (error) {
      assert.instance(error, VogError);
      return `${(error as VogError).code} ${(error as VogError).message}`;
    }
    return 'nothing was thrown';
  };
  assert.match(
    await codeOf({ checkpoints: join(folder, 'nowhere/*') }),
    /^CHECKPOINT_INVALID .*matches nothing.*in quotes/,
  );
  assert.match(await codeOf({ checkpoints: join(folder, '*.safetensors') }), /^CHECKPOINT_INVALID .*Give --model/);
  mkdirSync(join(folder, 'pickles'));
  for (const name of ['a.pt', 'b.pt', 'c.txt']) writeFileSync(join(folder, 'pickles', name), 'x');
  for (const pattern of ['pickles/*', 'pickles/a.pt']) {
    assert.match(
      await codeOf({ checkpoints: join(folder, pattern) }),
      /a\.pt is a pickle.*safetensors\.torch\.save_file/,
    );
  }
  assert.match(await codeOf({ checkpoints: join(folder, 'pickles/*.txt') }), /matches other files, and no checkpoint/);
  assert.match(await codeOf({ checkpoints: join(folder, 'pickles/') }), /pickles\/' is a folder.* '.*pickles\/\*'/);
  writeFileSync(join(folder, 'pickles/d.safetensors'), 'PK\u0003\u0004 and more');
  const one = { model: join(folder, 'models/epoch-1/model.json') };
  assert.match(
    await codeOf({ ...one, checkpoints: join(folder, 'pickles/*.safetensors') }),
    /^FORMAT_INVALID .*d\.safetensors: This is a pickle/,
  );
  assert.match(
    await codeOf({ model: 'net.py', checkpoints: join(folder, '*.safetensors') }),
    /^CHECKPOINT_INVALID net\.py is a Python program.*network\.mjs/,
  );
  const wide = network(1, 4);
  await saveModel(wide, join(folder, 'wide/epoch-2'));
  await saveModel(network(2), join(folder, 'wide/epoch-1'));
  assert.match(await codeOf({ checkpoints: join(folder, 'wide/*') }), /^CHECKPOINT_INVALID .*another shape/);
  assert.match(
    await codeOf({ model: join(folder, 'wide/epoch-2/model.json'), checkpoints: join(folder, '*.safetensors') }),
    /^WEIGHTS_MISMATCH /,
  );
  writeFileSync(
    join(folder, 'wide/epoch-2/model.json'),
    '{"modelTopology": {}, "weightsManifest": [{"paths": ["../x"]}]}',
  );
  assert.match(await codeOf({ checkpoints: join(folder, 'wide/*') }), /^CHECKPOINT_INVALID .*outside its folder/);
  assert.not.ok(existsSync(join(folder, 'refused')));
});

test('the models of checkpoints are disposed as the next one is opened', async () => {
  const before = tf.memory().numTensors;
  const checkpoints = await savedModels({ pattern: join(folder, 'models/*'), model: undefined, layout: 'tfjs' });
  assert.is(tf.memory().numTensors, before);
  await checkpoints.open(0);
  const one = tf.memory().numTensors;
  await checkpoints.open(1);
  assert.is(tf.memory().numTensors, one);
  checkpoints.close();
  assert.is(tf.memory().numTensors, before);
});

test.run();
