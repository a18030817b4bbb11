import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { createTracker, type Tracker } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { decodeImage } from '@vogjs/formats/images';
import { fitCallback } from '../../fit-callback.js';
import { montage } from './montage.js';
import { tensorBoard } from './tensor-board.js';

const SIZE = 7;
const pixels = Uint8Array.from({ length: SIZE * 4 * 4 }, (_, i) => (i * 37) % 256);
const images = { data: pixels, shape: [SIZE, 4, 4, 1] as const };

const test = suite<{ folder: string; tracker: Tracker; model: tf.LayersModel }>('tensorBoard');

test.before(async () => {
  await tf.setBackend('cpu');
});
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'vogjs-tensorboard-'));
  context.model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [4, 4, 1] }), tf.layers.dense({ units: 3, activation: 'softmax' })],
  });
  context.model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  context.tracker = createTracker({
    inputs: tf.tensor(pixels, [SIZE, 4, 4, 1], 'float32').div(255),
    labels: [0, 1, 2, 0, 1, 2, 0],
    ids: ['a', 'b|c', 'd\te', 'f', 'g', 'h', 'i'],
    classNames: ['cat', 'dog', 'eel'],
    metrics: [vog({ activation: 'logit' })],
  });
});
test.after.each(async ({ folder, tracker, model }) => {
  tracker.dispose();
  model.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Every occurrence of a text in an event file. */
async function timesOf(path: string, text: string): Promise<number> {
  return (await readFile(path, 'latin1')).split(text).length - 1;
}

test('each checkpoint of a fit is one event with scalars, a histogram, a table and a picture', async (context) => {
  const { folder, tracker, model } = context;
  const board = await tensorBoard(tracker, { dir: folder, images, hardest: 3 });
  const ys = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0], 'int32'), 3);
  const xs = tf.tensor(pixels, [SIZE, 4, 4, 1], 'float32');
  await model.fit(xs, ys, { epochs: 3, verbose: 0, callbacks: [fitCallback(tracker)] });
  await board.scalars({ 'epoch/loss': 0.5 }, 3);
  await board.close();
  assert.is(await timesOf(board.path, 'checkpoint/seconds'), 3);
  // One checkpoint has no variance.
  for (const tag of ['vog/mean', 'vog/p10', 'vog/median', 'vog/p90', 'vog/scores']) {
    assert.is(await timesOf(board.path, tag), 2, tag);
  }
  assert.is(await timesOf(board.path, 'vog/hardest'), 4, 'a table and a picture');
  assert.is(await timesOf(board.path, '| rank | id | label | score |'), 2);
  assert.is(await timesOf(board.path, 'epoch/loss'), 1);
  const hardest = (await tracker.scores())
    .hardest(3)
    .map(({ id }) => String(id).replace('|', '\\|').replace('\t', ' '));
  const bytes = await readFile(board.path, 'latin1');
  const last = bytes.slice(bytes.lastIndexOf('| rank |'));
  for (const id of hardest) assert.ok(last.includes(`| ${id} |`), id);
  xs.dispose();
  ys.dispose();
});

test('the projector gets points, words and pictures, and a list of all names', async ({ folder, tracker, model }) => {
  await tracker.checkpoint(model, { epoch: 0 });
  const board = await tensorBoard(tracker, { dir: folder, images });
  const features = { data: Float32Array.from({ length: SIZE * 2 }, (_, i) => i / 4), shape: [SIZE, 2] as const };
  await board.embeddings(features);
  await board.embeddings(features, 'again');
  await board.embeddings(features);
  await board.close();
  const points = (await readFile(join(folder, 'features-tensors.tsv'), 'utf8')).trimEnd().split('\n');
  assert.equal(points[1], '0.5\t0.75');
  const rows = (await readFile(join(folder, 'features-metadata.tsv'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'));
  assert.equal(rows[0], ['id', 'label', 'vog']);
  assert.equal(rows[3]!.slice(0, 2), ['d e', 'eel']);
  assert.is(rows.length, SIZE + 1);
  const sprite = await decodeImage(await readFile(join(folder, 'again-sprite.png')));
  assert.equal([sprite.width, sprite.height], [12, 12]);
  const list = await readFile(join(folder, 'projector_config.pbtxt'), 'utf8');
  assert.is(list.split('embeddings {').length - 1, 2);
  assert.ok(list.includes('single_image_dim: 4'));
});

test('a disk that fails ends the writing, not the training; close says why', async ({ folder, tracker, model }) => {
  const board = await tensorBoard(tracker, { dir: join(folder, 'run') });
  await board.scalars({ ok: 1 }, 1);
  // No step of an event: the append itself rejects, as it does on a full disk.
  await assertCode(board.scalars({ ok: 1 }, 0.5), null);
  await tracker.checkpoint(model, { epoch: 0 });
  assert.is(tracker.checkpoints, 1);
  await assertCode(board.close(), null);
});

test('a checkpoint whose scores could not be asked for is told by close, not left out', async (context) => {
  const { folder, tracker, model } = context;
  const board = await tensorBoard(tracker, { dir: folder });
  tracker.on('checkpointEnd', () => tracker.dispose());
  await assertCode(tracker.checkpoint(model, { epoch: 0 }), 'DISPOSED');
  await assertCode(board.close(), 'DISPOSED');
});

test('a sheet of the projector has as many rows as columns, as TensorBoard asks for', () => {
  const { width, height } = montage(images, [0, 1, 2, 3, 4], { columns: 3, rows: 3, gap: 0, most: 4, enlarge: false });
  assert.equal([width, height], [12, 12]);
});

test('bad input is refused before anything is written', async ({ folder, tracker }) => {
  const bad = (options: object, code: string, on: unknown = tracker): Promise<void> =>
    assertCode(tensorBoard(on as Tracker, options as never), code);
  await bad({}, 'ARGUMENT_INVALID');
  await bad({ dir: folder, hardest: -1 }, 'ARGUMENT_INVALID');
  await bad({ dir: folder, colour: 1 }, 'ARGUMENT_INVALID');
  await bad({ dir: folder }, 'ARGUMENT_INVALID', null);
  await bad({ dir: folder, images: { data: pixels, shape: [6, 4, 4, 1] } }, 'PROBE_MISMATCH');
  await bad({ dir: folder, images: { data: pixels, shape: [SIZE, 4, 4, 2] } }, 'INPUT_SHAPE');
  assert.equal(await readdir(folder), []);
  await writeFile(join(folder, 'file'), '');
  await bad({ dir: join(folder, 'file', 'in') }, 'FILE_FAILED');
  const board = await tensorBoard(tracker, { dir: folder });
  await assertCode(board.embeddings({ data: [1, 2], shape: [1, 2] }), 'PROBE_MISMATCH');
  for (const wrong of [undefined, null, {}, { data: [1] }, { shape: [1, 1] }]) {
    await assertCode(board.embeddings(wrong as never), 'ARGUMENT_INVALID');
  }
  await assertCode(board.embeddings({ data: [1, 2], shape: [1, 3] }), 'INPUT_SHAPE');
  await assertCode(board.embeddings({ data: [1, 2], shape: [1, 2] }, '../up'), 'ARGUMENT_INVALID');
  await assertCode(board.scalars({ loss: 'low' as never }, 1), 'ARGUMENT_INVALID');
  await board.scalars({ loss: 1 }, 1);
  await board.close();
  await board.close();
  await assertCode(board.scalars({ loss: 1 }, 2), 'ARGUMENT_INVALID');
});

/** Rejects, with this code; null for an error of any kind. */
async function assertCode(given: Promise<unknown>, code: string | null): Promise<void> {
  const error = await given.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, code === null ? Error : VogError);
  if (code !== null) assert.is((error as VogError).code, code);
}

test.run();
