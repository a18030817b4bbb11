import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { seededRandom, writeNpy } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import * as assert from 'uvu/assert';
import { type Ended, vogjs } from '../../command-line.test.helper.js';
import { saveModel } from '../checkpoints/save-model.test.helper.js';

/** Commands, and all that they said. */
export function commandsHeard() {
  let said = '';
  const run = async (...args: string[]): Promise<Ended> => {
    const ended = await vogjs(...args);
    said += ended.out + ended.error;
    return ended;
  };
  return {
    run,
    /** What a command prints that is to end well. */
    async ok(...args: string[]): Promise<string> {
      const { code, out, error } = await run(...args);
      assert.is(code, 0, `${args.join(' ')}: ${error}`);
      return out;
    },
    /** The error of a command that is to be refused. */
    async refused(...args: string[]): Promise<string> {
      const { code, error } = await run(...args);
      assert.ok(code === 1 || code === 2, `${args.join(' ')} gave ${code}`);
      return error;
    },
    said: (): string => said,
  };
}

export const { ok, refused } = commandsHeard();

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

/** Stored logits of `checkpoints` and `examples`, with labels of four classes: what scores them, labelled and not. */
export function writeLogits(folder: string, checkpoints: number, examples: number, seed: number): [string, string[]][] {
  const classes = 4;
  const data = Float32Array.from(
    { length: checkpoints * examples * classes },
    (_, at) => Math.sin(at * 1.7 + seed) * 4,
  );
  const [logits, labels] = [join(folder, 'logits.npy'), join(folder, 'four.csv')];
  writeFileSync(logits, writeNpy({ data, shape: [checkpoints, examples, classes] }));
  writeFileSync(labels, `label\n${Array.from({ length: examples }, (_, row) => row % classes).join('\n')}\n`);
  const given = ['score', '--logits', logits, '--chunk-size', '4', '--backend', 'cpu'];
  return [
    ['labelled', [...given, '--labels', labels]],
    ['unlabelled', given],
  ];
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

/** Refuses two runs that are not equal to the last bit; says by how much which columns differ. */
export async function assertSame(out: string, whole: string): Promise<void> {
  const [found, expected] = [await numbersOf(out), await numbersOf(whole)];
  assert.equal(Object.keys(found), Object.keys(expected));
  const differences = Object.entries(expected).flatMap(([name, values]) => {
    const other = found[name] ?? [];
    const rows = [...values.keys()].filter((row) => !Object.is(values[row], other[row]));
    const [row] = rows;
    return row === undefined ? [] : [`${name}: ${rows.length} rows, ${row} is ${other[row]}, not ${values[row]}`];
  });
  assert.equal(differences, []);
  const [ours, theirs] = [contentsOf(out), contentsOf(whole)];
  assert.equal(ours['manifest'], theirs['manifest']);
  for (const [file, bytes] of Object.entries(theirs)) assert.ok(file === 'manifest' || ours[file] === bytes, file);
}

/** As docs/shards.md states it for shards by checkpoints: of the largest value of a column. */
const ROUNDING = 1e-5;

/**
 * Refuses columns of two runs that differ by more than the stated rounding. Percentiles are ranks: two examples that
 * rounding swaps change places.
 */
export async function assertNear(out: string, whole: string): Promise<void> {
  const [found, expected] = [await numbersOf(out), await numbersOf(whole)];
  assert.equal(Object.keys(found), Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    if (name === 'percentile') continue;
    const largest = Math.max(...values.map(Math.abs).filter(Number.isFinite));
    for (const [row, value] of values.entries()) {
      const other = found[name]?.[row] as number;
      const isNear = Object.is(value, other) || Math.abs(value - other) <= ROUNDING * largest;
      assert.ok(isNear, `${name} of ${row}: ${other}, not ${value}`);
    }
  }
}
