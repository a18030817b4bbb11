// Only with --all: sixteen checkpoints of a hundred images take minutes
import { existsSync, readFileSync } from 'node:fs';
import { createTracker, epochs, logitsOf } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { firstImages, modelInputs, readImages, sharedFile } from '@vogjs/example-shared';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openCheckpoints } from '../train/checkpoints.js';
import { columnOf, scoreShard } from './shard.js';

const test = suite('exact');
const FOLDER = sharedFile('runs/cifar10-resnet9');
const IMAGES = 100;
/** Of the largest score of a column: kinks of relu and max pool under float32, and weights rounded to float16. */
const TOLERANCE = 2e-3;
const check = existsSync(FOLDER) ? test : test.skip;
if (!existsSync(FOLDER)) console.log('skipped, for want of ../shared/data: PyTorch checkpoints score as in PyTorch');

/** Computed in PyTorch, on the same weights, by code that shares nothing with this project. */
const expected = existsSync(FOLDER)
  ? (JSON.parse(readFileSync(`${FOLDER}/expected-first-100.json`, 'utf8')) as Record<string, number[]> & {
      logitsAtEpoch16: number[][];
    })
  : null;

function agrees(name: string, got: ArrayLike<number>): void {
  const wanted = expected?.[name] as number[];
  assert.is(got.length, wanted.length);
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - (got[i] as number))));
  assert.ok(worst <= TOLERANCE * Math.max(...wanted), `${name}: off by ${worst / Math.max(...wanted)} of the largest`);
}

const WINDOWS = { early: 'first 3', late: 'last 3', complete: 'complete' } as const;

check(
  'PyTorch checkpoints give the logits and every VoG that PyTorch gives: vog(), and the readings of one pass',
  async () => {
    await selectBackend();
    const checkpoints = await openCheckpoints(FOLDER, null);
    const images = firstImages(await readImages('cifar10', { part: 'test', count: IMAGES, folder: null }), IMAGES);
    assert.equal([...images.labels], expected?.['labels']);
    const { data, shape, labels } = modelInputs(images, checkpoints.scaling);

    await checkpoints.load(checkpoints.count - 1);
    const logits = tf.tidy(() => logitsOf(checkpoints.model)(tf.tensor(data, [...shape])).arraySync()) as number[][];
    const worst = Math.max(
      ...logits.flatMap((row, i) =>
        row.map((value, k) => Math.abs(value - (expected?.logitsAtEpoch16[i]?.[k] as number))),
      ),
    );
    assert.ok(worst <= 1e-4, `logits: off by ${worst}`);

    const predicted = Int32Array.from(logits, (row) => row.indexOf(Math.max(...row)));
    const metrics = {
      'logit true': vog({ name: 'logit', activation: 'logit' }),
      'softmax true': vog({ name: 'softmax' }), // the default
      'softmax predicted': vog({ name: 'softmax-predicted', activation: 'softmax', label: predicted }),
      loss: vog({ name: 'loss', activation: 'loss' }),
    };
    const tracker = createTracker({
      inputs: { data, shape: [...shape] },
      labels,
      metrics: Object.values(metrics),
      windows: { early: epochs(0, 3), late: epochs(13, 16) },
      total: { epochs: 16 },
      chunkSize: IMAGES,
    });
    for (let epoch = 0; epoch < checkpoints.count; epoch++) {
      await checkpoints.load(epoch);
      await tracker.checkpoint(checkpoints.model, { epoch });
    }
    for (const [name, metric] of Object.entries(metrics)) {
      for (const window of Object.keys(WINDOWS)) {
        agrees(`vog ${name} ${window}`, (await tracker.scores(metric.name, { window })).values);
      }
    }
    tracker.dispose();

    const columns = await scoreShard(checkpoints, images);
    checkpoints.model.dispose();
    for (const [window, ours] of Object.entries(WINDOWS)) {
      const column = (read: string, target: string) => columns[columnOf(read, target, ours)] as Float32Array;
      agrees(`vog logit true ${window}`, column('logit', 'true'));
      agrees(`vog softmax true ${window}`, column('softmax', 'true'));
      agrees(`vog softmax predicted ${window}`, column('softmax', 'predicted'));
      agrees(`vog loss ${window}`, column('loss', 'true'));
    }
  },
);

test.run();
