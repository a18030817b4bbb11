import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { seededRandom, writeNpy } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import { saveModel } from '../checkpoints/save-model.test.helper.js';

/** Rows of numbers with labels, sorted by class as folders are, and checkpoints of a network: files in `folder`. */
export async function writeCheckpoints(
  folder: string,
  { examples = 37, width = 5, checkpoints = 4, seed = 1 } = {},
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const random = seededRandom(seed);
  const rows = Float32Array.from({ length: examples * width }, () => random.normal());
  const labels = Array.from({ length: examples }, (_, row) => `${row + 100},${Math.floor((3 * row) / examples)}`);
  writeFileSync(join(folder, 'rows.npy'), writeNpy({ data: rows, shape: [examples, width] }));
  writeFileSync(join(folder, 'labels.csv'), `id,label\n${labels.join('\n')}\n`);
  for (let at = 0; at < checkpoints; at++) {
    const kernelInitializer = tf.initializers.glorotUniform({ seed: seed * 100 + at });
    const first = tf.layers.dense({ units: 6, activation: 'tanh', inputShape: [width], kernelInitializer });
    const last = tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer });
    const model = tf.sequential({ layers: [first, last] });
    await saveModel(model, join(folder, `ckpt/epoch-${at}`));
    model.dispose();
  }
}

/** A checkpoint for each pair of weights: two numbers, one hidden unit, three classes. */
export async function saveDense(folder: string, pairs: readonly (readonly [number, number])[]): Promise<void> {
  for (const [at, pair] of pairs.entries()) {
    const first = tf.layers.dense({ units: 1, activation: 'relu', inputShape: [2] });
    const last = tf.layers.dense({ units: 3, activation: 'softmax' });
    const model = tf.sequential({ layers: [first, last] });
    first.setWeights([tf.tensor2d([...pair], [2, 1]), tf.tensor1d([0.5])]);
    last.setWeights([tf.tensor2d([0.5, -0.4, 0.1], [1, 3]), tf.tensor1d([0.1, 0.2, 0.3])]);
    await saveModel(model, join(folder, `epoch-${at}`));
    model.dispose();
  }
}

/** Flags that score what `writeCheckpoints` wrote. */
export function scoreOf(folder: string, ...more: string[]): string[] {
  const files = [join(folder, 'rows.npy'), '--labels', join(folder, 'labels.csv')];
  return ['score', ...files, '--checkpoints', join(folder, 'ckpt/*'), ...more];
}

/** Files of a run that must be equal to the last bit, and its manifest without times and the note of its backend. */
export function contentsOf(run: string): Record<string, unknown> {
  const names = ['scores.parquet', 'trajectories.parquet', 'issues.json'].filter((name) => existsSync(join(run, name)));
  const {
    created: _,
    changed: __,
    ...manifest
  } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as Record<string, unknown>;
  return {
    manifest,
    ...Object.fromEntries(names.map((name) => [name, readFileSync(join(run, name)).toString('base64')])),
  };
}

/** Every column of scores and trajectories, as numbers. */
export async function numbersOf(place: string): Promise<Record<string, number[]>> {
  const run = await openRun(place);
  const table = await run.scores();
  const numbers: Record<string, number[]> = {};
  for (const { name } of table.columns) numbers[name] = Array.from(await table.values(name));
  numbers['percentile'] = Array.from((await table.percentile()) ?? []);
  // Without labels there are none.
  if (!(await run.has('trajectories.parquet'))) return numbers;
  const trajectories = await run.trajectories();
  for (let at = 0; at < trajectories.checkpoints; at++) {
    for (const field of ['labelProbability', 'margin', 'loss', 'predicted'] as const) {
      numbers[`${field} ${at}`] = Array.from(await trajectories.at(field, at));
    }
  }
  return numbers;
}
