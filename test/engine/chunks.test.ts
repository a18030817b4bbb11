// However the probe is cut, the scores are the same.
// Only with --all: it repeats runs at many chunk sizes
import { createTracker, type Tracker } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normals, randomOf, withSeed } from '@vogjs/testing';
import { testBackends, useBackend } from '../support/backend.js';
import { hits, meanLoss } from '../support/metrics.js';
import { CLASSES, IMAGE, nudge, smallConvnet } from '../support/models.js';
import { integers } from '../support/random.js';
import { relativeError } from '../support/reference.js';

const test = suite('chunks');
const SIZE = 11;

async function sameScores(trackers: readonly Tracker[], tolerance: number): Promise<void> {
  const [first, ...others] = trackers as [Tracker, ...Tracker[]];
  for (const metric of first.metrics) {
    const { values } = await first.scores(metric);
    assert.ok(Math.max(...values) > 0);
    for (const [i, other] of others.entries()) {
      const error = relativeError((await other.scores(metric)).values, values);
      assert.ok(error <= tolerance, `${metric}, tracker ${i + 1}: ${error}`);
    }
  }
  for (const tracker of trackers) tracker.dispose();
}

for (const backend of testBackends()) {
  test(`${backend}: the chunk size changes nothing but rounding, from 1 to more than the probe`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const random = randomOf(1);
      const model = smallConvnet(random, 'tanh');
      const inputs = { data: normals(random, SIZE * 60), shape: [SIZE, ...IMAGE] };
      const labels = integers(random, SIZE, CLASSES);
      const metrics = () => [vog(), vog({ name: 'loss', activation: 'loss', label: 'predicted' }), meanLoss(), hits()];
      const trackers = [11, 1, 2, 3, 10, 64, undefined].map((chunkSize) =>
        createTracker({ inputs, labels, metrics: metrics(), ...(chunkSize === undefined ? {} : { chunkSize }) }),
      );
      for (let epoch = 0; epoch < 3; epoch++) {
        for (const tracker of trackers) await tracker.checkpoint(model, { epoch });
        nudge(model, random);
      }
      await sameScores(trackers, 1e-5);
    }));
}

test("a pooled map is that of the pooled inputs' plan: 1 / k² of the memory, and budgets count it", () =>
  withSeed(async () => {
    await useBackend();
    const random = randomOf(3);
    const inputs = { data: normals(random, SIZE * 60), shape: [SIZE, ...IMAGE] };
    const labels = integers(random, SIZE, CLASSES);
    const bytes = (options: object): number => {
      const tracker = createTracker({ inputs, labels, metrics: [vog(options)], chunkSize: 11 });
      const { stateBytes } = tracker.plan();
      tracker.dispose();
      return stateBytes;
    };
    // Maps of 5 x 6, 3 x 3 and, with channels, 5 x 6 x 2; mean and m2, and a count.
    assert.equal(
      [bytes({}), bytes({ pool: 2 }), bytes({ channels: 'separate' }), bytes({ channels: 'separate', pool: 2 })],
      [30, 9, 60, 18].map((values) => 2 * SIZE * values * 4 + 4),
    );
  }));

test.run();
