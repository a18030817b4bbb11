// States of stretches of checkpoints, joined: what a run of all checkpoints would have saved, but for rounding.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode } from '@vogjs/base';
import { epochs, type Metric, type ScorableModel, type Tracker, type Windows } from '@vogjs/core';
import { joinStates } from '@vogjs/core/engine';
import { trackerMetrics } from '@vogjs/metrics';
import { withSeed } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testBackends, useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { firstLogits, hits, meanLoss } from '../support/metrics.js';
import { type Scene, sceneOf, trackerOf } from '../support/runs.js';

const test = suite('states of stretches of checkpoints, joined');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-join-'));
test.after(() => rmSync(folder, { recursive: true }));

const EPOCHS = 9;
const WINDOWS: Windows = { early: epochs(0, 3), late: epochs(4, 8) };
const NAMES = ['complete', 'early', 'late'];
/** As docs/shards.md states it: of the largest value of a column. */
const ROUNDING = 1e-5;
const all = (): Metric[] => [...trackerMetrics.map((factory) => factory({})), hits(), firstLogits()];
const make = (scene: Scene, metrics = all(), windows = WINDOWS): Tracker =>
  trackerOf(scene, { metrics, windows, total: { epochs: EPOCHS } });

/** Trackers of all epochs, and of the stretches between these cuts, saved: their paths. */
async function scored(
  scene: Scene,
  cuts: readonly number[],
  metrics: () => Metric[] = all,
): Promise<{ readonly whole: Tracker; readonly paths: readonly string[] }> {
  const whole = make(scene, metrics());
  const parts = cuts.slice(1).map(() => make(scene, metrics()));
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    scene.train();
    const mine = parts.filter((_, at) => epoch >= (cuts[at] ?? 0) && epoch < (cuts[at + 1] ?? 0));
    for (const tracker of [whole, ...mine]) await tracker.checkpoint(scene.model as ScorableModel, { epoch });
  }
  const paths = parts.map((_, at) => join(folder, `part-${at}.safetensors`));
  for (const [at, tracker] of parts.entries()) {
    await tracker.save(paths[at] as string);
    tracker.dispose();
  }
  return { whole, paths };
}

for (const backend of testBackends()) {
  test(`${backend}: every metric, column and window is that of the whole run within the stated rounding`, () =>
    withSeed(async () => {
      await useBackend(backend);
      for (const cuts of [
        [0, EPOCHS],
        [0, 4, EPOCHS],
        [0, 1, 3, 6, EPOCHS],
      ]) {
        const scene = sceneOf(31);
        const { whole, paths } = await scored(scene, cuts);
        const target = join(folder, 'joined.safetensors');
        const tensors = tf.memory().numTensors;
        await joinStates(paths, target, { metrics: all(), windows: WINDOWS });
        assert.is(tf.memory().numTensors, tensors, 'nothing is left on the device');
        const joined = make(scene);
        await joined.load(target);
        assert.is(joined.checkpoints, EPOCHS);
        assert.equal(joined.position, whole.position);
        for (const metric of whole.metrics) {
          for (const window of NAMES) {
            const expected = await whole.columns(metric, { window });
            const found = await joined.columns(metric, { window });
            for (const [column, { values, checkpoints, notes }] of Object.entries(expected)) {
              const name = `${metric} ${column} ${window}`;
              const here = found[column];
              assert.is(here?.checkpoints, checkpoints, name);
              assert.equal(here?.notes, notes, name);
              const largest = Math.max(...Array.from(values, Math.abs).filter(Number.isFinite));
              // Counts of checkpoints are whole numbers: there is nothing to round.
              const bound = ['hits', 'forgetting'].includes(metric) ? 0 : ROUNDING * largest;
              for (const [row, value] of values.entries()) {
                const other = here?.values[row] as number;
                const isNear = Object.is(value, other) || Math.abs(value - other) <= bound;
                assert.ok(isNear, `${name} ${row}: ${other}, not ${value}`);
              }
            }
          }
        }
        for (const tracker of [whole, joined]) tracker.dispose();
      }
    }));
}

test('a metric without merge, other options, windows or data, and stretches out of order are refused', () =>
  withSeed(async () => {
    await useBackend('cpu');
    const metrics = (): Metric[] => [meanLoss()];
    const run = { metrics: metrics(), windows: WINDOWS };
    const { whole, paths } = await scored(sceneOf(32), [0, 4, EPOCHS], metrics);
    whole.dispose();
    const target = join(folder, 'refused.safetensors');
    const refused = (asked: readonly string[], code: ErrorCode, words: RegExp, of = run): Promise<void> =>
      codedError(() => joinStates(asked, target, of), code).then(({ message }) => assert.match(message, words));
    const without = { ...(metrics()[0] as Metric), merge: undefined };
    await refused(paths, 'METRIC_INVALID', /needs merge, and 'mean-loss' has none\. Define merge/, {
      ...run,
      metrics: [without],
    });
    await refused(paths, 'STATE_MISMATCH', /of other metrics/, { ...run, metrics: [hits()] });
    await refused(paths, 'STATE_MISMATCH', /other windows/, { ...run, windows: { early: epochs(0, 2) } });
    await refused(paths.toReversed(), 'STATE_MISMATCH', /epoch 3.* comes after .*epoch 8.*order of training/);
    await refused([], 'STATE_INVALID', /no stretch/);
    const other = make(sceneOf(33), metrics());
    await other.checkpoint(sceneOf(33).model as ScorableModel, { epoch: 8 });
    const strange = join(folder, 'strange.safetensors');
    await other.save(strange);
    other.dispose();
    await refused([paths[0] as string, strange], 'STATE_MISMATCH', /probe differ/);
    const bytes = readFileSync(paths[1] as string);
    bytes[bytes.length - 2]! ^= 1;
    writeFileSync(paths[1] as string, bytes);
    await refused(paths, 'STATE_INVALID', /checksum/);
    assert.not(existsSync(target), 'what is refused leaves no file');
  }));

test.run();
