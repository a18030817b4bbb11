// Only with --all: it feeds a reader 1,000 broken files
// The file of autosave, which the demo resumes from.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitCallback } from '@vogjs/callback';
import { autosave, resume } from '@vogjs/callback/node';
import { createTracker } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { randomOf, SEED } from '@vogjs/testing';
import { smallDense } from '../support/models.js';
import { fuzz } from './harness.js';
import { mutate } from './mutations.js';

const test = suite(`fuzzed resume files (SEED=${SEED})`);
const folder = mkdtempSync(join(tmpdir(), 'vogjs-resume-'));
test.after(() => rmSync(folder, { recursive: true }));

const SIZE = 6;
const random = randomOf(1);
const inputs = {
  data: Float32Array.from({ length: SIZE * 4 }, () => random.normal()),
  shape: [SIZE, 4],
};
const labels = Int32Array.from({ length: SIZE }, (_, i) => i % 3);

test('1,000 mutated resume files are taken or are VogErrors that leave model and tracker as they were', async () => {
  await selectBackend('cpu');
  const path = join(folder, 'training.safetensors');
  const model = smallDense(randomOf(2));
  model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: 'categoricalCrossentropy' });
  const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: 4 });
  const [xs, ys] = [tf.tensor2d(inputs.data, [SIZE, 4]), tf.oneHot(tf.tensor1d(labels, 'int32'), 3)];
  const fit = (initialEpoch: number, epochs: number) =>
    model.fit(xs, ys, {
      initialEpoch,
      epochs,
      shuffle: false,
      verbose: 0,
      callbacks: [fitCallback(tracker), autosave({ path, tracker })],
    });
  await fit(0, 2);
  const sound = new Uint8Array(readFileSync(path));
  const weights = async () =>
    Buffer.concat(await Promise.all(model.getWeights().map(async (w) => Buffer.from((await w.data()).slice().buffer))));
  const [before, present] = [await weights(), await tracker.serialise()];
  // What a refusal must bring back is what a sound file gives.
  await resume({ path, model, tracker });
  const tensors = tf.memory().numTensors;

  const { read, refused } = await fuzz({
    what: 'resume',
    count: 1000,
    sound: () => sound,
    make: (source) => mutate(sound, source),
    read: async (bytes) => {
      writeFileSync(path, bytes);
      try {
        const { epoch } = await resume({ path, model, tracker });
        assert.is(epoch, 2);
        return epoch;
      } finally {
        assert.ok((await weights()).equals(before), 'the weights are those that were saved');
        assert.ok(Buffer.from(await tracker.serialise()).equals(present), 'the tracker stands where it stood');
        assert.is(tf.memory().numTensors, tensors, 'no tensor is left');
      }
    },
  });
  assert.ok(read >= 100 && read + refused === 1000 && refused > 500, `${read} read, ${refused} refused`);
  tracker.dispose();
});

test.run();
