// Only with --all: it takes seconds, and others meet what it tests
import { selectBackend } from '@vogjs/core/node';
import { randomOf, SEED, testBackends } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineDetector, fitDetectors } from '../index.js';
import { assertClose } from '../networks.test.helper.js';
import { type ClassScatter, classScatter } from './class-scatter.js';

const test = suite(`class scatter (SEED=${SEED})`);

const [WIDTH, CLASSES, SIZE] = [5, 3, 60];

/** Features far from 0, whose classes lie far apart, and of which one class is met late. */
function scene(offset: number) {
  const random = randomOf(offset);
  const labels = Int32Array.from({ length: SIZE }, (_, i) => (i < 40 ? i % 2 : 2));
  const data = Float32Array.from({ length: SIZE * WIDTH }, (_, at) => {
    const label = labels[Math.floor(at / WIDTH)]!;
    return offset * (1 + (at % WIDTH)) + 20 * label + random.normal();
  });
  return { labels, data };
}

/** A model that is its own last layer, so that its penultimate features are its inputs. */
function identityHead(): tf.LayersModel {
  return tf.sequential({ layers: [tf.layers.dense({ units: CLASSES, inputShape: [WIDTH] })] });
}

async function scatterOf(offset: number, chunkSize: number): Promise<ClassScatter> {
  const { labels, data } = scene(offset);
  let found: ClassScatter | undefined;
  const detector = defineDetector({
    name: 'reads',
    requires: {},
    fit: {
      statistics: { scatter: classScatter() },
      finish: ({ scatter }) => {
        found = scatter;
        return {};
      },
    },
    score: (_, __, { size }) => tf.zeros([size]),
  });
  const model = identityHead();
  await fitDetectors(model, { inputs: { data, shape: [SIZE, WIDTH] }, labels }, [detector], { chunkSize });
  model.dispose();
  return found!;
}

/** Two passes in float64. */
function expected(offset: number) {
  const { labels, data } = scene(offset);
  const row = (i: number): number[] => Array.from(data.subarray(i * WIDTH, (i + 1) * WIDTH));
  const meanOf = (rows: readonly number[][]): number[] =>
    rows[0]!.map((_, j) => rows.reduce((sum, r) => sum + r[j]!, 0) / rows.length);
  const all = Array.from(labels.keys(), row);
  const means = Array.from({ length: CLASSES }, (_, c) => meanOf(all.filter((__, i) => labels[i] === c)));
  const mean = meanOf(all);
  const scatter = (centre: (i: number) => number[]): number[] =>
    Array.from({ length: WIDTH * WIDTH }, (_, at) => {
      const [a, b] = [Math.floor(at / WIDTH), at % WIDTH];
      return all.reduce((sum, r, i) => sum + (r[a]! - centre(i)[a]!) * (r[b]! - centre(i)[b]!), 0);
    });
  return { means: means.flat(), mean, within: scatter((i) => means[labels[i]!]!), total: scatter(() => mean) };
}

for (const backend of testBackends()) {
  test(`${backend}: means and scatter equal two passes in float64, also 10,000 standard deviations from 0`, async () => {
    await selectBackend(backend);
    for (const offset of [0, 100, 10_000]) {
      const { means, mean, within, total } = expected(offset);
      for (const chunkSize of [1, 7, SIZE]) {
        const found = await scatterOf(offset, chunkSize);
        assert.equal([...found.classes], [0, 1, 2]);
        assert.equal([...found.counts], [20, 20, 20]);
        assertClose(found.means, means, 'means', 1e-6);
        assertClose(found.mean, mean, 'mean', 1e-6);
        const tolerance = 1e-5;
        assertClose(found.within, within, `within at ${offset}, chunks of ${chunkSize}`, tolerance);
        assertClose(found.total, total, `total at ${offset}, chunks of ${chunkSize}`, tolerance);
      }
    }
  });
}

test.run();
