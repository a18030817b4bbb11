// Maps of an example in the explorer, against a formula and against the scores of a tracker.
import * as tf from '@tensorflow/tfjs';
import { seededRandom, VogError } from '@vogjs/base';
import { createTracker } from '@vogjs/core';
import { type Explorer, explore, type OpenCheckpoints } from '@vogjs/explorer';
import { vog } from '@vogjs/metrics';
import { createRun, memoryStorage, type RunStorage } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('maps in the explorer');
const [SIZE, HEIGHT, WIDTH, CHANNELS, CLASSES, CHECKPOINTS] = [6, 4, 3, 2, 3, 4];
const PIXELS = HEIGHT * WIDTH;
const random = seededRandom(11);
const normal = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
const images = normal(SIZE * PIXELS * CHANNELS);
const labels = Int32Array.from({ length: SIZE }, (_, row) => row % CLASSES);
/** `[pixels x channels, classes]` of each checkpoint. */
const kernels = Array.from({ length: CHECKPOINTS }, () => normal(PIXELS * CHANNELS * CLASSES));
let model: tf.LayersModel;
let storage: RunStorage;
const open: Explorer[] = [];

test.before(async () => {
  await tf.setBackend('cpu');
  model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [HEIGHT, WIDTH, CHANNELS] }),
      tf.layers.dense({ units: CLASSES, activation: 'softmax', useBias: false }),
    ],
  });
  storage = memoryStorage();
  const run = await createRun(storage, { examples: SIZE });
  await run.update({ checkpoints: kernels.map((_, epoch) => ({ epoch, step: epoch })) });
  await run.scores({ ids: [...labels.keys()], labels, scores: [] });
  await run.finish();
});
test.after(async () => {
  for (const each of open) await each.close();
  model.dispose();
});

function at(checkpoint: number): tf.LayersModel {
  const kernel = tf.tensor2d(kernels[checkpoint]!, [PIXELS * CHANNELS, CLASSES]);
  model.setWeights([kernel]);
  kernel.dispose();
  return model;
}

const exampleOf = (row: number): Float32Array =>
  images.subarray(row * PIXELS * CHANNELS, (row + 1) * PIXELS * CHANNELS);

/** `∂p_y/∂x = p_y (w_y - Σ_k p_k w_k)` of a linear network, in float64. */
function gradientByFormula(row: number, checkpoint: number, label = labels[row]!): number[] {
  const [x, w] = [exampleOf(row), kernels[checkpoint]!];
  const logits = Array.from({ length: CLASSES }, (_, k) =>
    x.reduce((sum, value, i) => sum + value * w[i * CLASSES + k]!, 0),
  );
  const top = Math.max(...logits);
  const exponents = logits.map((value) => Math.exp(value - top));
  const total = exponents.reduce((a, b) => a + b);
  const p = exponents.map((value) => value / total);
  return Array.from(x, (_, i) => {
    const mean = p.reduce((sum, share, k) => sum + share * w[i * CLASSES + k]!, 0);
    return p[label]! * (w[i * CLASSES + label]! - mean);
  });
}

const kept: OpenCheckpoints = async () => ({
  numbers: [...kernels.keys()],
  open: async (number) => at(number),
  example: async (row) => ({ values: exampleOf(row), shape: [HEIGHT, WIDTH, CHANNELS], label: labels[row]! }),
  close: () => {},
});

async function served(checkpoints?: OpenCheckpoints) {
  const explorer = await explore(storage, checkpoints === undefined ? {} : { checkpoints });
  open.push(explorer);
  const ask = (path: string, token = explorer.token, signal: AbortSignal | null = null): Promise<Response> =>
    fetch(`http://127.0.0.1:${explorer.port}/api/runs/0/maps${path}`, {
      signal,
      headers: { authorization: `Bearer ${token}` },
    });
  const map = async (path: string): Promise<Float32Array> => {
    const response = await ask(path);
    assert.is(response.status, 200, path);
    assert.is(response.headers.get('vogjs-shape'), `${HEIGHT} ${WIDTH}`);
    return new Float32Array(await response.arrayBuffer());
  };
  const refused = async (path: string): Promise<string> => {
    const response = await ask(path);
    return `${response.status} ${((await response.json()) as { message: string }).message}`;
  };
  return { ask, map, refused };
}

function near(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.is(found.length, expected.length, what);
  const most = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(found[i]! - expected[i]!) <= 2e-6 * most, `${what}[${i}]: ${found[i]}, not ${expected[i]}`);
  }
}

test('the gradient map is the formula, absolute values summed over channels', async () => {
  const { map, ask } = await served(kept);
  assert.equal(await (await ask('')).json(), { checkpoints: [0, 1, 2, 3], why: null });
  for (const [row, checkpoint] of [
    [0, 0],
    [4, 2],
    [5, 3],
    [4, 2],
  ] as const) {
    const gradient = gradientByFormula(row, checkpoint);
    const expected = Array.from(
      { length: PIXELS },
      (_, pixel) => Math.abs(gradient[2 * pixel]!) + Math.abs(gradient[2 * pixel + 1]!),
    );
    near(await map(`/${row}/${checkpoint}`), expected, `row ${row} at ${checkpoint}`);
  }
});

test('the mean of the VoG map is the score, and each pixel its deviation over the checkpoints', async () => {
  const { map } = await served(kept);
  const inputs = tf.tensor4d(images, [SIZE, HEIGHT, WIDTH, CHANNELS]);
  const tracker = createTracker({ inputs, labels, metrics: [vog()] });
  for (const number of kernels.keys()) await tracker.checkpoint(at(number), { epoch: number, step: number });
  const { values } = await tracker.scores('vog');
  for (const row of [0, 3, 5]) {
    const found = await map(`/${row}`);
    near([found.reduce((sum, value) => sum + value, 0) / PIXELS], [values[row]!], `VoG of row ${row}`);
    const means = kernels.map((_, number) => {
      const gradient = gradientByFormula(row, number);
      return Array.from({ length: PIXELS }, (__, pixel) => (gradient[2 * pixel]! + gradient[2 * pixel + 1]!) / 2);
    });
    const expected = Array.from({ length: PIXELS }, (_, pixel) => {
      const over = means.map((mean) => mean[pixel]!);
      const center = over.reduce((a, b) => a + b) / over.length;
      return Math.sqrt(over.reduce((sum, value) => sum + (value - center) ** 2, 0) / over.length);
    });
    near(found, expected, `map of row ${row}`);
  }
  tracker.dispose();
  inputs.dispose();
});

test('without labels the class that is predicted is taken', async () => {
  const { map } = await served(async (run) => {
    const found = await kept(run);
    if (typeof found === 'string') return found;
    return { ...found, example: async (row) => ({ ...(await found.example(row)), label: null }) };
  });
  const sums = (label: number): number[] => {
    const gradient = gradientByFormula(1, 1, label);
    return Array.from(
      { length: PIXELS },
      (_, pixel) => Math.abs(gradient[2 * pixel]!) + Math.abs(gradient[2 * pixel + 1]!),
    );
  };
  const logits = tf.tidy(() =>
    (at(1).predict(tf.tensor4d(exampleOf(1), [1, HEIGHT, WIDTH, CHANNELS])) as tf.Tensor).dataSync(),
  );
  near(await map('/1/1'), sums(logits.indexOf(Math.max(...logits))), 'of the class predicted');
});

test('rows and checkpoints that there are not are refused, and so is who has no token', async () => {
  const { ask, refused } = await served(kept);
  assert.is(await refused('/6/0'), '404 The run has no row 6: there are 6.');
  assert.is(await refused('/6'), '404 The run has no row 6: there are 6.');
  assert.is(await refused('/0/4'), '404 Checkpoint 4 of the run is not kept.');
  for (const path of ['/-1/0', '/0/1.5', '/0/..%2f', '/x']) {
    assert.is(await refused(path), '404 There is nothing at this address.');
  }
  assert.is((await ask('/0/0', 'guess')).status, 401);
});

test('a map for which nobody waits any more is not computed', async () => {
  const loaded: number[] = [];
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const { ask, map } = await served(async (run) => {
    const found = await kept(run);
    if (typeof found === 'string') return found;
    const slow = async (number: number): Promise<tf.LayersModel> => {
      loaded.push(number);
      await gate;
      return at(number);
    };
    return { ...found, open: slow };
  });
  const first = map('/0/3');
  while (loaded.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const control = new AbortController();
  const gone = ask('/0/1', undefined, control.signal).catch((error: Error) => error.name);
  // Another question that is answered: the one before it has come to the server, and waits for its turn.
  await ask('');
  control.abort();
  assert.is(await gone, 'AbortError');
  // And once more: the server has seen who left.
  await ask('');
  release();
  await first;
  await map('/0/2');
  assert.equal(loaded, [3, 2]);
});

test('where no checkpoint is kept it says why, and what fails is told as it is', async () => {
  const without = await served();
  assert.match(((await (await without.ask('')).json()) as { why: string }).why, /computed by `vogjs explore`/);
  assert.match(await without.refused('/0/0'), /^404 Maps of gradients/);
  const one = await served(async (run) => {
    const found = await kept(run);
    return typeof found === 'string' ? found : { ...found, numbers: [2] };
  });
  assert.is(await one.refused('/0'), '404 A variance needs two checkpoints, and one is kept.');
  assert.is(await one.refused('/0/1'), '404 Checkpoint 1 of the run is not kept.');
  const changed = await served(async (run) => {
    const found = await kept(run);
    if (typeof found === 'string') return found;
    const example = () => Promise.reject(new VogError('DATA_UNKNOWN', 'photos has changed.'));
    return { ...found, example };
  });
  assert.is(await changed.refused('/0/0'), '422 photos has changed.');
  let tries = 0;
  const mended = await served(async (run) => {
    if (tries++ === 0) throw new VogError('CHECKPOINT_INVALID', 'It is half a file.');
    return kept(run);
  });
  assert.equal(await (await mended.ask('')).json(), { checkpoints: [], why: 'It is half a file.' });
  assert.equal(await (await mended.ask('')).json(), { checkpoints: [0, 1, 2, 3], why: null });
});

test.run();
