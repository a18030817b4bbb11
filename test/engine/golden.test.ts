// The VoG authors' own gradients and published scores, through the metric's own hooks and through a tracker.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs';
import { readNpy } from '@vogjs/formats';
import { createTracker, type GradientEngine, type Metric, type MetricState, runningMoments } from '@vogjs/core';
import { vog, type VogOptions } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testBackends, useBackend } from '../support/backend.js';

const test = suite('golden');
/** The reading of the authors' ImageNet gradients. */
const ofLogit = (options: VogOptions = {}): Metric => vog({ activation: 'logit', ...options });
const TOLERANCE = 1e-6;
const SIDE = 224;
const fixture = new URL('../fixtures/vog-authors/late-gradients-image-8.3x224x224.npy.gz', import.meta.url);
const PUBLISHED_8 = Number(
  /entry 8\) is (\d+\.\d+)/.exec(
    readFileSync(new URL('../fixtures/vog-authors/README.md', import.meta.url), 'utf8'),
  )?.[1],
);
const shared = new URL('../../../shared/data/golden/vog/', import.meta.url);

function readGradients(url: URL): { data: Float32Array; shape: readonly number[] } {
  const { data, shape } = readNpy(gunzipSync(readFileSync(url)));
  return { data: data as Float32Array, shape };
}

/** The metric's own fold, as the engine runs it, over `[checkpoint][example]` maps. */
async function fold(
  metric: Metric,
  snapshots: readonly tf.Tensor[],
  inputShape: readonly number[],
): Promise<Float32Array> {
  const folded = tf.tidy(() => {
    const size = snapshots[0]?.shape[0] as number;
    let state: MetricState = metric.init({ size, inputShape, inputShapes: [inputShape], classes: 1000 });
    for (const [checkpoints, gradient] of snapshots.entries()) {
      const position = { epoch: checkpoints, epochsCompleted: checkpoints + 1, step: 0, progress: null };
      state = metric.update(state, { gradient }, { checkpoints, position, size });
    }
    const scores = metric.compute(state, { checkpoints: snapshots.length, size });
    assert.instance(scores, tf.Tensor);
    return scores as tf.Tensor;
  });
  const values = await folded.data<'float32'>();
  folded.dispose();
  return values;
}

function closeTo(actual: ArrayLike<number>, published: readonly number[]): void {
  assert.is(actual.length, published.length);
  for (const [i, expected] of published.entries()) {
    const error = Math.abs((actual[i] as number) - expected) / expected;
    assert.ok(
      expected > 0 && error < TOLERANCE,
      `image ${i}: ${actual[i]}, published ${expected}, relative error ${error}`,
    );
  }
}

for (const backend of testBackends()) {
  test(`${backend}: vog of the authors' gradients of one image = their published score within 1e-6`, async () => {
    await useBackend(backend);
    const { data, shape } = readGradients(fixture);
    assert.equal([...shape], [3, SIDE, SIDE]);
    const pixels = SIDE * SIDE;
    const maps = [0, 1, 2].map((k) => tf.tensor(data.subarray(k * pixels, (k + 1) * pixels), [1, SIDE, SIDE, 1]));
    closeTo(await fold(ofLogit(), maps, [SIDE, SIDE, 1]), [PUBLISHED_8]);
    // Three equal channels have the map itself as their mean.
    const colours = maps.map((map) => tf.tile(map, [1, 1, 1, 3]));
    closeTo(await fold(ofLogit(), colours, [SIDE, SIDE, 3]), [PUBLISHED_8]);
    // ddof 1 is the common mistake: 22 % off.
    const [sample = 0] = await fold(ofLogit({ ddof: 1 }), maps, [SIDE, SIDE, 1]);
    assert.ok(Math.abs(sample / PUBLISHED_8 - Math.sqrt(3 / 2)) < 1e-5, `ddof 1 gives ${sample}`);
    tf.dispose([maps, colours]);
  });
}

test("runningMoments of the authors' gradients, merged from parts = their published score within 1e-6", async () => {
  await useBackend();
  const { data } = readGradients(fixture);
  const pixels = SIDE * SIDE;
  const [a, b, c] = [0, 1, 2].map((k) => tf.tensor(data.subarray(k * pixels, (k + 1) * pixels))) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const { push, merge, init, variance } = runningMoments;
  const empty = init([pixels]);
  for (const moments of [push(push(push(empty, a), b), c), merge(push(empty, a), push(push(empty, b), c))]) {
    closeTo(await tf.mean(tf.sqrt(variance(moments))).data(), [PUBLISHED_8]);
  }
});

test("a tracker whose gradient engine replays the authors' gradients gives their published score within 1e-6", async () => {
  await useBackend();
  const { data } = readGradients(fixture);
  const pixels = SIDE * SIDE;
  let checkpoint = 0;
  const replay: GradientEngine = {
    run: (model, inputs) => ({
      ...model.forward(inputs),
      gradient: tf.tensor(data.subarray(checkpoint * pixels, (checkpoint + 1) * pixels), [1, SIDE, SIDE, 1]),
    }),
  };
  const tracker = createTracker({
    inputs: { data: new Float32Array(pixels), shape: [1, SIDE, SIDE, 1] },
    labels: [0],
    metrics: [ofLogit()],
    provide: { gradientEngine: replay },
  });
  const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor =>
    tf.mul(tf.mean(tf.reshape(x as tf.Tensor, [1, pixels]), 1, true), tf.ones([1, 3]));
  for (; checkpoint < 3; checkpoint++) await tracker.checkpoint(model, { epoch: checkpoint });
  closeTo((await tracker.scores()).values, [PUBLISHED_8]);
  tracker.dispose();
});

if (existsSync(shared)) {
  test("vog of the authors' gradients of 10 images = their 10 published scores within 1e-6", async () => {
    await useBackend(testBackends().at(-1));
    const { data, shape } = readGradients(new URL('imagenet_late_grads_3x10x224x224.f32.npy.gz', shared));
    assert.equal([...shape], [3, 10, SIDE, SIDE]);
    const values = 10 * SIDE * SIDE;
    const maps = [0, 1, 2].map((k) => tf.tensor(data.subarray(k * values, (k + 1) * values), [10, SIDE, SIDE, 1]));
    const published = readNpy(readFileSync(new URL('imagenet_train_vog_late.npy', shared)));
    closeTo(await fold(ofLogit(), maps, [SIDE, SIDE, 1]), Array.from(published.data as Float32Array).slice(0, 10));
    tf.dispose(maps);
  });
} else {
  console.log("golden: the full set of the authors' gradients is not here; one image of it was checked");
}

test.run();
