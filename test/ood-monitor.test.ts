// oodMonitor in fit, fitDataset and a loop of one's own: figures, kept weights, errors, leaks.
// Only with --all: it trains several networks
import * as tf from '@tensorflow/tfjs';
import { fitCallback, trackDifficulty } from '@vogjs/callback';
import { createTracker, everyEpoch, type Tracker } from '@vogjs/core';
import { energy, evaluateOod, fitDetectors, knn, mahalanobis, msp, oodMonitor, scoreOod } from '@vogjs/ood';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normals, normalTensor, randomOf, withSeed } from '@vogjs/testing';
import { testBackends, useBackend } from './support/backend.js';
import { codedError } from './support/errors.js';
import { meanLoss } from './support/metrics.js';
import { CLASSES, compile, oneHotRows, smallDense, weightsOf } from './support/models.js';
import { integers } from './support/random.js';

const test = suite('oodMonitor');
test.before.each(() => useBackend('cpu'));

const SIZE = 24;

/** Inputs live as arrays, so that what stays on the device is the run's. */
function scene(salt: number) {
  const random = randomOf(salt);
  const set = (size: number, scale: number) => ({
    inputs: { data: normals(random, size * 4).map((x) => x * scale), shape: [size, 4] },
  });
  const model = smallDense(random);
  compile(model);
  const labels = integers(random, SIZE, CLASSES);
  return { model, labels, training: set(SIZE, 1), inside: set(15, 1), far: set(9, 4), near: set(9, 1.5) };
}

type Scene = ReturnType<typeof scene>;

const trackerWith = ({ training, labels }: Scene, monitor: ReturnType<typeof oodMonitor>): Tracker =>
  createTracker({ ...training, labels, metrics: [meanLoss()], monitors: [monitor] });

async function fitFor(epochs: number, { model, training, labels }: Scene, callback: tf.Callback) {
  const xs = tf.tensor2d(training.inputs.data, [SIZE, 4]);
  const ys = oneHotRows(labels);
  try {
    return (await model.fit(xs, ys, { epochs, batchSize: 8, verbose: 0, callbacks: [callback] })).history;
  } finally {
    tf.dispose([xs, ys]);
  }
}

for (const backend of testBackends()) {
  test(`${backend}: fit: the history has the figures of the weights at each epoch's end, fitted anew, by set`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const run = scene(1);
      const detectors = [energy(), mahalanobis(), knn({ k: 3 })];
      const fit = { ...run.training, labels: run.labels };
      const monitor = oodMonitor({
        in: run.inside,
        out: { far: run.far, near: run.near },
        detectors,
        fit,
        figures: ['auroc', 'fprAtTpr'],
      });
      const tracker = trackerWith(run, monitor);
      const expected: number[] = [];
      // By hand, at the same moment: the weights move on afterwards.
      const check = new (class extends tf.Callback {
        override async onEpochEnd(): Promise<void> {
          const fitted = await fitDetectors(run.model, fit, detectors);
          const [inside, out] = [
            await scoreOod(run.model, run.inside, fitted),
            await scoreOod(run.model, run.near, fitted),
          ];
          expected.push(evaluateOod(inside.mahalanobis, out.mahalanobis).auroc);
        }
      })();
      const xs = tf.tensor2d(run.training.inputs.data, [SIZE, 4]);
      const ys = oneHotRows(run.labels);
      const { history } = await run.model.fit(xs, ys, {
        epochs: 3,
        verbose: 0,
        callbacks: [fitCallback(tracker), check],
      });
      assert.equal(history['ood_near_mahalanobis_auroc'], expected);
      const keys = Object.keys(history).filter((key) => key.startsWith('ood_'));
      assert.is(keys.length, 2 * 3 * 2);
      assert.is(monitor.history.length, 3);
      const evaluation = monitor.history[2]!.evaluations['energy']!['far']!;
      assert.equal(evaluation.counts.in, 15);
      assert.is(history['ood_far_energy_fprAtTpr']![2], evaluation.fprAtTpr);
      tracker.dispose();
      tf.dispose([xs, ys]);
    }));

  test(`${backend}: the best weights are kept, restored, and freed; a run leaves no tensor`, () =>
    withSeed(async () => {
      await useBackend(backend);
      const run = scene(2);
      const seen: number[][] = [];
      const keep = new (class extends tf.Callback {
        override async onEpochEnd(): Promise<void> {
          seen.push(await weightsOf(run.model));
        }
      })();
      // What fit itself makes once, such as the optimiser's scalars.
      await fitFor(1, run, keep);
      seen.length = 0;
      const before = tf.memory().numTensors;
      for (const [detector, figure] of [
        ['energy', 'auroc'],
        ['msp', 'fprAtTpr'],
      ] as const) {
        seen.length = 0;
        const monitor = oodMonitor({
          in: run.inside,
          out: run.far,
          detectors: [energy(), msp()],
          figures: [figure],
          keepBest: { detector, figure },
        });
        const tracker = trackerWith(run, monitor);
        const both = new (class extends tf.Callback {
          override async onEpochEnd(epoch: number): Promise<void> {
            await tracker.checkpoint(run.model, { epoch });
            seen.push(await weightsOf(run.model));
          }
        })();
        await fitFor(5, run, both);
        const values = monitor.history.map(({ evaluations }) => evaluations[detector]!['']![figure]);
        const best = figure === 'auroc' ? Math.max(...values) : Math.min(...values);
        assert.equal(monitor.best?.value, best);
        assert.is(monitor.best?.checkpoint, values.indexOf(best), 'the first of equal ones');
        assert.is(monitor.restoreBest(run.model).checkpoint, values.indexOf(best));
        assert.equal(await weightsOf(run.model), seen[values.indexOf(best)]);
        assert.ok(tf.memory().numTensors > before, 'they are held');
        tracker.dispose();
        assert.is(monitor.best, null);
        await codedError(() => monitor.restoreBest(run.model), 'ARGUMENT_INVALID', /No checkpoint/);
        await tf.nextFrame();
      }
      // History keeps a scalar per metric and epoch while fit runs, none afterwards.
      assert.is(tf.memory().numTensors, before);
      assert.not.throws(() => run.model.predict(tf.zeros([1, 4])), 'the model is whole');
    }));
}

test('fitDataset and a loop of one’s own: figures on the event; between due epochs the last ones stay in the logs', () =>
  withSeed(async () => {
    const run = scene(3);
    const monitor = oodMonitor({ in: run.inside, out: run.far, detectors: [energy()], name: 'far-away' });
    const tracker = createTracker({
      ...run.training,
      labels: run.labels,
      metrics: [meanLoss()],
      monitors: [monitor],
      schedule: everyEpoch(2),
    });
    const dataset = tf.data.generator(function* () {
      yield { xs: normalTensor(randomOf(4), [8, 4]), ys: oneHotRows(integers(randomOf(5), 8, CLASSES)) };
    });
    const { history } = await run.model.fitDataset(dataset, {
      epochs: 4,
      verbose: 0,
      callbacks: [fitCallback(tracker)],
    });
    const logged = history['far_away_energy_auroc'] as number[];
    assert.is(logged.length, 4);
    assert.is(monitor.history.length, 2);
    assert.ok(Number.isNaN(logged[0]!));
    assert.is(logged[2], logged[1]);
    const told: unknown[] = [];
    tracker.on('checkpointEnd', ({ figures }) => told.push(figures));
    await tracker.checkpoint(run.model, { epoch: 9 });
    const { auroc } = monitor.history[2]!.evaluations['energy']!['']!;
    assert.equal(told, [{ 'far-away': { energy_auroc: auroc } }]);
    await tracker.reset();
    assert.equal(monitor.history, []);
    tracker.dispose();
  }));

test('trackDifficulty takes monitors; disposed while it evaluates, a monitor keeps nothing', () =>
  withSeed(async () => {
    const run = scene(6);
    const monitor = oodMonitor({ in: run.inside, out: run.far, detectors: [energy()], keepBest: true });
    const difficulty = trackDifficulty({ ...run.training, labels: run.labels, monitors: [monitor] });
    const history = await fitFor(2, run, difficulty);
    assert.is(history['ood_energy_auroc']?.length, 2);
    const pending = difficulty.tracker.checkpoint(run.model, { epoch: 2 });
    difficulty.tracker.on('progress', () => difficulty.dispose());
    await codedError(() => pending, 'DISPOSED');
    assert.is(monitor.best, null);
  }));

test('what goes wrong at a checkpoint is MONITOR_FAILED with its cause, and bad options are refused at once', () =>
  withSeed(async () => {
    const run = scene(7);
    const { inside, far } = run;
    const wrong = oodMonitor({
      in: inside,
      out: { inputs: { data: new Float32Array(6), shape: [2, 3] } },
      detectors: [energy()],
    });
    const tracker = trackerWith(run, wrong);
    const error = await codedError(() => tracker.checkpoint(run.model, { epoch: 0 }), 'MONITOR_FAILED', /inputs/);
    assert.is((error.cause as { code?: string }).code, 'INPUT_SHAPE');
    tracker.dispose();
    const keeping = trackerWith(run, oodMonitor({ in: inside, out: far, detectors: [energy()], keepBest: true }));
    const logits = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.slice(x as tf.Tensor, [0, 0], [-1, CLASSES]);
    await codedError(() => keeping.begin(logits), 'MONITOR_FAILED', /LayersModel/);
    keeping.dispose();
    const bad: readonly (readonly [object, Parameters<typeof codedError>[1]])[] = [
      [{ in: inside, out: far, detectors: [] }, 'DETECTOR_INVALID'],
      [{ in: inside, out: far, detectors: [energy(), energy()] }, 'DETECTOR_DUPLICATE'],
      [{ in: inside, out: far, detectors: [knn()] }, 'DETECTOR_NOT_FITTED'],
      [{ in: inside, out: far, detectors: [energy()], fit: inside }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: {}, detectors: [energy()] }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: { far: 5 }, detectors: [energy()] }, 'ARGUMENT_INVALID'],
      [{ out: far, detectors: [energy()] }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], figures: ['auc'] }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], figures: [] }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], keepBest: { detector: 'msp' } }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], keepBest: { out: 'far' } }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], keepBest: { figure: 'auc' } }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], keepBest: { best: 1 } }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], evaluation: { tpr: 2 } }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], evaluation: { beta: 2 } }, 'ARGUMENT_INVALID'],
      [{ in: inside, out: far, detectors: [energy()], every: 2 }, 'ARGUMENT_INVALID'],
    ];
    for (const [options, code] of bad) await codedError(() => oodMonitor(options as never), code);
  }));

test.run();
