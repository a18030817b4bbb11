// Only with --all: it is of an experiment, and loads data and models for it
import { seededRandom, VogError } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import { runSeed } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { augmentedBatches, type BatchOptions, type TrainingImages } from './batches.js';

const seed = runSeed();
const test = suite(`batches (seed ${seed})`);
const [SIZE, SIDE] = [50, 6];
const scaling = { mean: [0.5, 0.25], std: [0.5, 2] };

test.before.each(async () => void (await selectBackend('wasm')));

/** Random images of two channels, none of whose bytes scale to 0; the first byte is the image's number. */
function images(): TrainingImages {
  const random = seededRandom(seed);
  const pixels = Uint8Array.from({ length: SIZE * SIDE * SIDE * 2 }, () => 129 + random.integer(100));
  return { pixels, shape: [SIZE, SIDE, SIDE, 2], labels: Int32Array.from({ length: SIZE }, (_, i) => i) };
}

/** All batches of an epoch: images, and their numbers, which are their labels. */
async function epochOf(set: TrainingImages, options: Partial<BatchOptions>) {
  const result: { images: Float32Array[]; numbers: number[]; sizes: number[] } = { images: [], numbers: [], sizes: [] };
  const length = SIDE * SIDE * 2;
  await augmentedBatches(set, { scaling, classes: SIZE, batchSize: 16, seed, epoch: 0, ...options }).forEachAsync(
    (batch) => {
      const [xs, numbers] = [batch.xs.dataSync(), batch.ys.argMax(1)];
      for (let i = 0; i < batch.xs.shape[0]; i++) {
        result.images.push(Float32Array.from(xs.slice(i * length, (i + 1) * length)));
      }
      result.numbers.push(...numbers.dataSync());
      result.sizes.push(batch.xs.shape[0]);
      tf.dispose([batch, numbers]);
    },
  );
  return result;
}

/** The image moved and mirrored, scaled, by its definition: what lies outside is 0. */
function moved(set: TrainingImages, number: number, top: number, left: number, mirrored: boolean): Float32Array {
  return Float32Array.from({ length: SIDE * SIDE * 2 }, (_, at) => {
    const [channel, column, row] = [at % 2, Math.floor(at / 2) % SIDE, Math.floor(at / 2 / SIDE)];
    const [y, x] = [row + top, (mirrored ? SIDE - 1 - column : column) + left];
    if (y < 0 || y >= SIDE || x < 0 || x >= SIDE) return 0;
    const byte = set.pixels[((number * SIDE + y) * SIDE + x) * 2 + channel] as number;
    return (byte / 255 - (scaling.mean[channel] as number)) / (scaling.std[channel] as number);
  });
}

const nearly = (a: Float32Array, b: Float32Array) => a.every((value, i) => Math.abs(value - (b[i] as number)) < 1e-6);

test('an epoch has every image once, the last batch what is left', async () => {
  const { numbers, sizes } = await epochOf(images(), {});
  assert.equal(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: SIZE }, (_, i) => i),
  );
  assert.equal(sizes, [16, 16, 16, 2]);
});

test('each image is one of its crops, mirrored or not, and all offsets and both sides come', async () => {
  const set = images();
  const seen = { tops: new Set<number>(), lefts: new Set<number>(), mirrored: [0, 0] as [number, number] };
  for (let epoch = 0; epoch < 4; epoch++) {
    const { images: got, numbers } = await epochOf(set, { epoch, padding: 2 });
    for (const [i, image] of got.entries()) {
      const matches = [-2, -1, 0, 1, 2].flatMap((top) =>
        [-2, -1, 0, 1, 2].flatMap((left) =>
          [false, true]
            .filter((mirrored) => nearly(image, moved(set, numbers[i] as number, top, left, mirrored)))
            .map((mirrored) => ({ top, left, mirrored })),
        ),
      );
      assert.is(matches.length, 1, `image ${numbers[i]} is ${matches.length} of its crops`);
      const [{ top, left, mirrored }] = matches as [{ top: number; left: number; mirrored: boolean }];
      seen.tops.add(top);
      seen.lefts.add(left);
      seen.mirrored[mirrored ? 1 : 0]++;
    }
  }
  assert.equal([seen.tops.size, seen.lefts.size], [5, 5]);
  // 200 fair coins: six standard deviations from 100 is 42.
  assert.ok(Math.abs(seen.mirrored[0] - 100) < 43, `${seen.mirrored[0]} of 200 not mirrored`);
});

test('without padding and flips an image is itself, scaled', async () => {
  const set = images();
  const { images: got, numbers } = await epochOf(set, { padding: 0, flips: false });
  assert.ok(got.every((image, i) => nearly(image, moved(set, numbers[i] as number, 0, 0, false))));
});

test('seed and epoch decide everything, and nothing else does', async () => {
  const set = images();
  const first = await epochOf(set, { epoch: 3 });
  assert.equal(await epochOf(set, { epoch: 3 }), first);
  assert.not.equal((await epochOf(set, { epoch: 4 })).numbers, first.numbers);
  assert.not.equal((await epochOf(set, { epoch: 3, seed: seed + 1 })).numbers, first.numbers);
});

test('wrong options are refused', () => {
  const set = images();
  const refused = (options: Partial<BatchOptions>, text: RegExp, of = set) =>
    assert.throws(
      () => augmentedBatches(of, { scaling, classes: SIZE, batchSize: 16, seed, epoch: 0, ...options }),
      (error: unknown) => error instanceof VogError && text.test(error.message),
    );
  refused({ batchSize: 0 }, /batchSize/);
  refused({ padding: -1 }, /padding/);
  refused({ classes: 10 }, /label 10/);
  refused({ scaling: { mean: [0], std: [1] } }, /2 channels/);
  refused({}, /does not fit/, { ...set, labels: new Int32Array(3) });
});

test.run();
