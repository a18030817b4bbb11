// Only with --all: it runs an experiment at toy size
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectBackend } from '@vogjs/core/node';
import { resnet9 } from '@vogjs/example-models';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { histogramTable, setHistograms } from '../e-imagenet-o/histogram.js';
import { scoreRun } from './detectors.js';
import { evaluateRun } from './evaluation.js';
import { runTiny, tinyData, tinyOptions } from './fixtures/tiny-run.js';
import { replayRun } from './replay.js';
import { oodReport } from './report.js';
import { meanGain, PAPER_GAIN, PAPER_ROWS } from './paper-table.js';
import {
  ablationTable,
  aurocTable,
  gainTable,
  meanGainTable,
  methodTitle,
  tableThree,
  warningLines,
} from './tables.js';

const test = suite('f-ood');

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

test("the paper's rows, as its supplement prints them, have the mean gain that it states", () => {
  assert.is(PAPER_ROWS.length, 15);
  assert.equal(
    meanGain(PAPER_ROWS).map((gain) => gain.toFixed(2)),
    PAPER_GAIN.map((gain) => gain.toFixed(2)),
  );
});

test('checkpoints of a training that is done are scored as they are, and a replay that was stopped goes on', async () => {
  await selectBackend('wasm');
  const model = resnet9({ width: 1 });
  const first = model.getWeights().map((weight) => weight.clone());
  const loaded: number[] = [];
  let broken = -1;
  const checkpoints = {
    title: 'a network of theirs',
    dataset: 'cifar10',
    network: 'resnet-9',
    width: 1,
    scaling: { mean: [0.5, 0.5, 0.5], std: [0.3, 0.3, 0.3] },
    model,
    count: 6,
    hash: 'toy',
    load: async (index: number) => {
      if (index === broken) throw new Error('the power failed');
      loaded.push(index);
      const moved = tf.tidy(() => first.map((weight) => tf.mul(weight, 1 + index / 10)));
      model.setWeights(moved);
      tf.dispose(moved);
    },
  } as const;
  const options = { ...tinyOptions(null), activation: 'softmax' } as const;
  const backend = { backend: 'wasm', version: 'of a test' } as const;
  const run = await replayRun(tinyData(), options, checkpoints, backend);
  assert.equal(loaded.splice(0), [0, 1, 2, 3, 4, 5, 5]);
  assert.is(run.tracker.checkpoints, 6);
  const scores = await scoreRun(run);
  const result = evaluateRun(run, scores);
  assert.match(tableThree(result, run.settings), /a network of theirs/);
  const vog = Array.from(scores.methods['vog']?.values ?? [Number.NaN]);
  assert.ok(vog.every(Number.isFinite));
  assert.is(run.record.settings.activation, 'softmax');
  run.tracker.dispose();

  const folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
  const saved = { ...options, resume: folder };
  broken = 3;
  await assertRejects(() => replayRun(tinyData(), saved, checkpoints, backend), /the power failed/);
  assert.equal(loaded.splice(0), [0, 1, 2]);
  broken = -1;
  const again = await replayRun(tinyData(), saved, checkpoints, backend);
  assert.equal(loaded, [3, 4, 5, 5]);
  assert.equal(Array.from((await scoreRun(again)).methods['vog']!.values), vog);
  again.tracker.dispose();
  const other = { ...saved, activation: 'loss' } as const;
  await assertRejects(() => replayRun(tinyData(), other, checkpoints, backend), /its activation is softmax, not loss/);
  await rm(folder, { recursive: true });
  tf.dispose(first);
  model.dispose();
});

async function assertRejects(call: () => Promise<unknown>, message: RegExp): Promise<void> {
  const error = await call().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.match(error === null ? 'nothing was thrown' : String(error), message);
}

test('a whole run: every method on every set, in the layout of Table 3, with bases, gains and the quarters of VoG', async () => {
  await selectBackend('wasm');
  const before = tf.memory().numTensors;
  const run = await runTiny(null);
  const scores = await scoreRun(run);
  const result = evaluateRun(run, scores);
  const { settings } = run;

  assert.equal(
    run.record.epochs.map(({ loss, accuracy }) => Number.isFinite(loss) && accuracy >= 0 && accuracy <= 1),
    [true, true, true, true, true, true],
  );
  assert.is(run.tracker.checkpoints, 6);
  const methods = Object.keys(scores.methods);
  for (const method of [
    'msp',
    'vog',
    'energy',
    'vim',
    'knn',
    'odin',
    'vog-late',
    'vog-first',
    'vog-last',
    'vog-class',
  ]) {
    assert.ok(methods.includes(method), method);
  }
  assert.equal(methods.slice(0, 2), ['msp', 'vog']);
  for (const { values } of Object.values(scores.methods)) assert.is(values.length, 24 + 16 + 12 + 8);

  const lines = tableThree(result, settings).split('\n').map(cellsOf);
  assert.is(lines.length, 2 + 4 * methods.length);
  assert.equal(lines[0]?.slice(0, 4), ['model', 'in- / out-of-distribution', 'method', 'AUROC / base']);
  assert.equal(lines[2]?.slice(0, 3), ['ResNet-10 (width 1)', 'C-10 / CIFAR-100', 'MSP']);
  assert.equal(lines[3]?.slice(0, 3), ['', '', 'VoG']);
  // 24 of 40 images are in-distribution.
  assert.match(lines[2]?.[3] ?? '', /^\d+\.\d \/ 50$/);
  assert.match(lines[2]?.[4] ?? '', /^\d+\.\d \/ 60$/);
  assert.match(lines[2]?.[5] ?? '', /^\d+\.\d \/ 40$/);
  assert.equal(
    lines.map((cells) => cells[1]).filter((cell) => cell?.startsWith('C-10')),
    ['C-10 / CIFAR-100', 'C-10 / Gaussian', 'C-10 / TinyImageNet-resize', 'C-10 / some of it'],
  );

  const gains = gainTable(result, settings).split('\n').map(cellsOf);
  const paperRow = gains.find(([set]) => set === 'CIFAR-100');
  assert.equal(paperRow?.slice(5), ['86.8', '87.6', '+0.8']);
  assert.match(paperRow?.[4] ?? '', /^[+-]\d+\.\d to [+-]\d+\.\d$/);
  assert.is(Number(paperRow?.[3]).toFixed(1), (Number(paperRow?.[2]) - Number(paperRow?.[1])).toFixed(1));
  assert.equal(gains.find(([set]) => set === 'iSUN')?.slice(1), ['', '', '', '', '85.5', '92.3', '+6.8']);

  const means = meanGainTable(result, settings).split('\n').map(cellsOf);
  assert.is(means[2]?.[0], 'here, 3 sets', 'a part of a set is in its set already');
  const aurocs = ['CIFAR-100', 'Gaussian', 'TinyImageNet-resize'].map((title) => {
    const of = (method: string) =>
      result.pairs.find((pair) => pair.set.title === title && pair.method === method)?.evaluation.auroc ?? Number.NaN;
    return of('vog') - of('msp');
  });
  const mean = (100 * aurocs.reduce((sum, gain) => sum + gain, 0)) / 3;
  assert.ok(Math.abs(Number(means[2]?.[1]) - mean) < 0.006);
  assert.equal(means.at(-1)?.slice(1), ['+2.62', '+2.33', '+2.47']);

  assert.is(aurocTable(result).split('\n').length, 2 + methods.length);
  assert.is(ablationTable(result).split('\n').length, 2 + 11);
  assert.match(aurocTable(result), /\| VoG, first three /);
  assert.match(aurocTable(result), /\| VoG, last three /);
  assert.ok(warningLines(result).every((line) => /^[A-Z_]+ in \d+ of \d+ evaluations: /.test(line)));
  assert.ok(result.testAccuracy >= 0 && result.testAccuracy <= 1);

  const histograms = setHistograms(run, { vog: scores.methods['vog'] as never });
  assert.equal(
    histograms.map(({ set, histogram }) => [set, histogram.counts.out, histogram.counts.in]),
    [
      ['CIFAR-100', 16, 24],
      ['Gaussian', 12, 24],
      ['TinyImageNet-resize', 8, 24],
      ['some of it', 3, 24],
      ['all of them', 36, 24],
    ],
  );
  for (const { histogram } of histograms) {
    assert.ok(Math.abs(histogram.bins.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
  }
  assert.match(histogramTable(histograms, methodTitle), /ImageNet-O \(the paper\) .* 24 .* 30 /);

  const page = oodReport(run, scores);
  assert.ok(page.startsWith('<!doctype html>') || page.startsWith('<!DOCTYPE html>'));
  for (const title of ['CIFAR-100', 'Gaussian', 'some of it', 'VoG, early third'])
    assert.ok(page.includes(title), title);

  run.tracker.dispose();
  run.model.dispose();
  // TensorFlow.js's momentum optimiser keeps its learning rate, a scalar, when it is disposed.
  assert.is(tf.memory().numTensors, before + 1);
});

test.run();
