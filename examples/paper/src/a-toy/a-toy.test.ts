// Only with --all: it runs an experiment at toy size
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXIT, runProgram } from '@vogjs/example-shared';
import { makeBlobs } from './blobs.js';
import { boundaryOf, signedDistances } from './boundary.js';
import { toy } from './program.js';

const test = suite('a-toy');

test('clusters: equal sizes, centres in the box, deviation 1 along each axis, the same for the same seed', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { points, labels } = makeBlobs({ examples: 4000, seed });
  for (const label of [0, 1]) {
    const own = [...labels.keys()].filter((i) => labels[i] === label);
    assert.is(own.length, 2000, `seed ${seed}`);
    for (const axis of [0, 1]) {
      const values = own.map((i) => points[2 * i + axis] as number);
      const mean = values.reduce((sum, value) => sum + value, 0) / 2000;
      const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2000);
      assert.ok(Math.abs(mean) < 10.2, `seed ${seed}`);
      // Seven standard errors of a standard deviation of 2,000 values, of which there are four: chance alone is below 1e-10.
      assert.ok(Math.abs(std - 1) < 7 / Math.sqrt(4000), `std ${std}, seed ${seed}`);
    }
  }
  assert.equal(makeBlobs({ examples: 4000, seed }).points, points);
  assert.not.equal(makeBlobs({ examples: 4000, seed: seed + 1 }).points, points);
});

test('the boundary of two linear layers: equal logits on it, and the distance of a point from a line', async () => {
  await tf.setBackend('cpu');
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: 3, useBias: true, biasInitializer: 'randomNormal' }),
      tf.layers.dense({ units: 2, biasInitializer: 'randomNormal' }),
    ],
  });
  const boundary = await boundaryOf(model);
  const [a, b] = boundary.normal;
  const length = Math.hypot(a, b);
  const onLine = [(-a * boundary.offset) / length ** 2, (-b * boundary.offset) / length ** 2];
  const [first = 0, second = 0] = await (model.predict(tf.tensor2d([onLine])) as tf.Tensor).data();
  assert.ok(Math.abs(first - second) < 1e-4, `${first} against ${second}`);
  const away = Float32Array.of((onLine[0] ?? 0) + (2 * a) / length, (onLine[1] ?? 0) + (2 * b) / length);
  assert.ok(Math.abs((signedDistances(boundary, away)[0] ?? 0) - 2) < 1e-4);
});

test('the whole program: a table, results and a picture that is SVG by itself; wrong options end with code 2', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
  const [log, error] = [console.log, console.error];
  const lines: string[] = [];
  console.log = (line: string) => void lines.push(line);
  console.error = (line: string) => void lines.push(line);
  let codes: number[];
  try {
    const args = ['--examples', '60', '--epochs', '6', '--backend', 'cpu', '--out', folder];
    codes = [await runProgram(toy, args), await runProgram(toy, ['--epochs', '5'])];
  } finally {
    [console.log, console.error] = [log, error];
  }
  assert.equal(codes, [EXIT.done, EXIT.usage]);
  assert.match(lines.join('\n'), /\| logit +\| early +\| +[12] \|.*constant/);
  assert.match(
    await readFile(join(folder, 'paper-a.svg'), 'utf8'),
    /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/,
  );
  const { correlations } = JSON.parse(await readFile(join(folder, 'paper-a.json'), 'utf8')) as {
    correlations: { softmax: { late: { r: number } } };
  };
  assert.ok(correlations.softmax.late.r < 0, 'nearer to the boundary is harder');
  await rm(folder, { recursive: true });
});

test.run();
