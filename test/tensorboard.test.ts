// Only with --all: installs TensorBoard from PyPI, whose own reader reads what tensorBoard wrote.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as tf from '@tensorflow/tfjs';
import { fitCallback } from '@vogjs/callback';
import { tensorBoard } from '@vogjs/callback/node';
import { createTracker } from '@vogjs/core';
import { decodeImage } from '@vogjs/formats/images';
import { meanLoss, vog } from '@vogjs/metrics';
import { fashionMnist } from 'vogjs/fashion-mnist';

/** What TensorBoard makes of a folder, and what it says of the projector's files. */
const READER = `
import json, sys, base64
from google.protobuf import text_format
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig
folder = sys.argv[1]
events = EventAccumulator(folder, size_guidance={'images': 0, 'histograms': 0, 'tensors': 0, 'scalars': 0})
events.Reload()
config = text_format.Parse(open(folder + '/projector_config.pbtxt').read(), ProjectorConfig())
print(json.dumps({
  'scalars': {t: [[e.step, e.value] for e in events.Scalars(t)] for t in events.Tags()['scalars']},
  'histograms': {t: [[e.histogram_value.num, e.histogram_value.min, e.histogram_value.max, sum(e.histogram_value.bucket)]
    for e in events.Histograms(t)] for t in events.Tags()['histograms']},
  'images': {t: [[e.width, e.height, base64.b64encode(e.encoded_image_string).decode()] for e in events.Images(t)]
    for t in events.Tags()['images']},
  'texts': {t: [[e.step, e.tensor_proto.string_val[0].decode()] for e in events.Tensors(t)] for t in events.Tags()['tensors']},
  'projector': [[e.tensor_name, e.tensor_path, e.metadata_path, e.sprite.image_path, list(e.sprite.single_image_dim)]
    for e in config.embeddings],
}))
`;

interface Read {
  readonly scalars: Record<string, [step: number, value: number][]>;
  readonly histograms: Record<string, [count: number, least: number, most: number, sum: number][]>;
  readonly images: Record<string, [width: number, height: number, png: string][]>;
  readonly texts: Record<string, [step: number, text: string][]>;
  readonly projector: unknown[];
}

const test = suite<{ folder: string }>('TensorBoard');
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'vogjs-board-'));
});
test.after.each(({ folder }) => rm(folder, { recursive: true, force: true }));

test("TensorBoard's own reader finds every score, picture and table of a training on Fashion-MNIST", async ({
  folder,
}) => {
  await tf.setBackend('cpu');
  const count = 60;
  const data = await fashionMnist(count);
  const model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 10, activation: 'softmax' })],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' });
  const { inputs, targets, labels, classNames } = data;
  const tracker = createTracker({ inputs, labels, classNames, metrics: [vog({ activation: 'softmax' }), meanLoss()] });
  const pixels = await inputs.data();
  const images = { data: pixels, shape: [count, 28, 28, 1] as const };
  const logs = join(folder, 'logs');
  const board = await tensorBoard(tracker, { dir: logs, images, hardest: 5 });
  await model.fit(inputs, targets, {
    epochs: 3,
    batchSize: 20,
    shuffle: false,
    verbose: 0,
    callbacks: [fitCallback(tracker)],
  });
  await board.embeddings({ data: pixels, shape: [count, 784] });
  await board.close();

  execFileSync(
    'python3',
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--target',
      join(folder, 'python'),
      'tensorboard<3',
    ],
    { stdio: 'ignore' },
  );
  const output = execFileSync('python3', ['-c', READER, logs], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: join(folder, 'python') },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const read = JSON.parse(output) as Read;

  const loss = await tracker.scores('mean-loss');
  const mean = loss.values.reduce((sum, value) => sum + value, 0) / count;
  assert.equal(
    read.scalars['mean-loss/mean']?.map(([step]) => step),
    [3, 6, 9],
  );
  assert.ok(Math.abs(read.scalars['mean-loss/mean']![2]![1] - mean) < 1e-5 * mean);
  assert.is(read.scalars['vog/median']?.length, 2);
  const [, least, most, sum] = read.histograms['mean-loss/scores']![2]!;
  assert.is(sum, count);
  assert.equal([least, most], [Math.min(...loss.values), Math.max(...loss.values)]);
  const [width, height, png] = read.images['mean-loss/hardest']![2]!;
  const picture = await decodeImage(Buffer.from(png, 'base64'));
  assert.equal([picture.width, picture.height], [width, height]);
  assert.equal([width, height], [5 * 28 + 4 * 2, 28]);
  const [first] = loss.hardest(1);
  const drawn = Array.from({ length: 28 * 28 }, (_, i) => picture.data[Math.floor(i / 28) * width + (i % 28)]);
  const own = Array.from(pixels.slice(first!.index * 784, (first!.index + 1) * 784), (value) =>
    Math.round(255 * value),
  );
  assert.equal(drawn, own, 'the first picture is the hardest example');
  const [, table] = read.texts['mean-loss/hardest']!.at(-1)!;
  assert.ok(table.includes(`| 1 | ${String(first!.id)} | ${first!.className} |`), table);
  assert.equal(read.projector, [
    ['features', 'features-tensors.tsv', 'features-metadata.tsv', 'features-sprite.png', [28, 28]],
  ]);
  tracker.dispose();
  tf.dispose([inputs, targets]);
  model.dispose();
});

test.run();
