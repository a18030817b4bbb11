// Only with --all: it trains networks, breaks off and goes on
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import { openRun, type Run } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SCORE_OPTIONS, type ScoreConfig } from '../config/options.js';
import { beginRun } from '../follow/run-place.js';
import { finishRun } from '../outcome/finish.js';
import { prepare } from '../prepare.js';

const test = suite('a followed training');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-followed-'));
const data = join(folder, 'trees.csv');
test.before(async () => {
  await selectBackend('cpu');
  const random = seededRandom(3);
  // Far apart: an epoch or two learn them all.
  const rows = Array.from({ length: 80 }, (_, row) => `${random.normal() + 20 * (row % 2)},${'ab'[row % 2]}`);
  writeFileSync(data, `height,kind\n${rows.join('\n')}\n`);
});
test.after(() => rmSync(folder, { recursive: true }));

/** Trains into a folder, or goes on there; `breakAt` is thrown as soon as that epoch has been told of. */
async function trained(name: string, config: ScoreConfig, breakAt?: number): Promise<Run> {
  const work = await prepare(SCORE_OPTIONS.resolve({ data, target: 'kind', batchSize: 8, ...config }));
  const place = join(folder, name);
  const before = await openRun(place).catch(() => null);
  const writer = await beginRun({ folder: place, before }, { examples: work.dataset.size });
  const followed = await work.follow(writer, place, before, (line) => {
    if (breakAt !== undefined && line.startsWith(`epoch ${breakAt}/`)) throw new Error('broken off');
  });
  return finishRun(work.dataset, followed, writer, place);
}

test('a training that ends early, all labels learned, ends there however often it was broken off', async () => {
  const config: ScoreConfig = { epochs: 12, metrics: ['mean-loss'] };
  const whole = await trained('whole', config);
  const epochs = whole.manifest.checkpoints.length;
  assert.ok(epochs >= 2 && epochs < 12, `${epochs} epochs`);
  for (const breakAt of [epochs - 1, epochs]) {
    await trained('broken', config, breakAt).then(
      () => assert.unreachable('it was to break off'),
      (error: Error) => assert.is(error.message, 'broken off'),
    );
  }
  const broken = await trained('broken', config);
  assert.equal(broken.manifest.checkpoints, whole.manifest.checkpoints);
  const valuesOf = async (run: Run): Promise<number[]> => Array.from(await (await run.scores()).values('mean-loss'));
  assert.equal(await valuesOf(broken), await valuesOf(whole));
});

test('a checkpoint that diverged is none of the run: its checkpoints are those of its trajectories', async () => {
  const module = join(folder, 'diverges.ts');
  writeFileSync(
    module,
    `import * as tf from '@tensorflow/tfjs';
export default ({ shapes, classes }) => {
  const model = tf.sequential({ layers: [tf.layers.dense({ name: 'all', inputShape: shapes[0], units: classes })] });
  model.compile({ optimizer: tf.train.sgd(1e30), loss: (y, p) => tf.losses.meanSquaredError(y, p) });
  return model;
};
`,
  );
  const config: ScoreConfig = { epochs: 4, metrics: ['mean-loss'], train: module, batchSize: 80 };
  const run = await trained('diverges', config);
  const { checkpoints, notes } = run.manifest;
  assert.ok(checkpoints.length < 4 && checkpoints.length > 0, `${checkpoints.length} checkpoints`);
  assert.is((await run.trajectories()).checkpoints, checkpoints.length);
  assert.match(notes.join(), /left out/);
});

test.run();
