// Only with --all: it feeds a reader 1,000 broken files
import { createTracker, epochs } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { meanLoss } from '../support/metrics.js';
import { runEpochs, sceneOf, scoresOf } from '../support/runs.js';
import { craftState } from './crafted-state.js';
import { fuzz } from './harness.js';
import { mutate } from './mutations.js';

const test = suite(`fuzzed tracker states (SEED=${SEED})`);

test('1,000 mutated tracker states go on or are VogErrors that leave the tracker as it was, within a second and 64 MiB', async () => {
  await selectBackend('cpu');
  const scene = sceneOf(1, 6);
  const make = () =>
    createTracker({
      inputs: scene.inputs,
      labels: scene.labels,
      chunkSize: 4,
      metrics: [vog(), meanLoss()],
      windows: { early: epochs(0, 2), late: epochs(3, 6) },
    });
  const first = make();
  await runEpochs(scene, [first], 0, 3);
  const sound = await first.serialise();
  await runEpochs(scene, [first], 3, 4);
  const present = await first.serialise();
  first.dispose();

  let tracker = make();
  await tracker.load(present);
  const tensors = tf.memory().numTensors;
  const { read, refused } = await fuzz({
    what: 'tracker.load',
    count: 1000,
    sound: () => sound,
    make: (random, index) => (index % 2 === 0 ? craftState(sound, 'vogjs.tracker', random) : mutate(sound, random)),
    read: async (bytes) => {
      try {
        await tracker.load(bytes);
      } catch (error) {
        assert.ok(Buffer.from(await tracker.serialise()).equals(present), 'a refused state changed the present one');
        assert.is(tf.memory().numTensors, tensors, 'a refused state leaves tensors');
        throw error;
      }
      // What is taken must be of use: scores, another checkpoint, and a save.
      try {
        await scoresOf(tracker, ['complete', 'early']);
        await tracker.checkpoint(scene.model, { epoch: 4 });
        return await tracker.serialise();
      } finally {
        tracker.dispose();
        tracker = make();
        await tracker.load(present);
      }
    },
  });
  assert.is((Object.prototype as Record<string, unknown>)['polluted'], undefined);
  assert.ok(read >= 100 && refused > 300, `${read} read, ${refused} refused`);
  tracker.dispose();
});

test.run();
