// One right call of every public function and method: what the wrong ones are made from.
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as callback from '@vogjs/callback';
import * as callbackNode from '@vogjs/callback/node';
import * as core from '@vogjs/core';
import * as coreNode from '@vogjs/core/node';
import * as testing from '@vogjs/core/plugin';
import * as weights from '@vogjs/core/weights';
import * as data from '@vogjs/formats';
import * as images from '@vogjs/formats/images';
import * as tables from '@vogjs/formats/tables';
import * as statistics from '@vogjs/statistics';
import * as metrics from '@vogjs/metrics';
import * as ood from '@vogjs/ood';
import * as report from '@vogjs/report';
import * as shipped from 'vogjs/fashion-mnist';
import { type Callable, calls, method, right, type RightCall } from './right.js';
import {
  CLASSES,
  SIZE,
  columns,
  csv,
  fitted,
  flags,
  folder,
  fresh,
  inputs,
  inside,
  labels,
  many,
  manyFlags,
  model,
  named,
  namedWeights,
  npy,
  npz,
  numbers,
  passing,
  parquet,
  picture,
  pictureParquet,
  pictures,
  plain,
  probe,
  rows,
  saved,
  scores,
  st,
  table,
  threshold,
  tracker,
  trainee,
  trajectories,
  vog,
  xs,
  ys,
} from './material.js';

export { disposeAll } from './material.js';

// core
const begun = async (result: unknown): Promise<void> => {
  const made = result as core.Tracker;
  try {
    await made.begin(model, { epochs: 3 });
  } finally {
    made.dispose();
  }
};
right('createTracker', core.createTracker, [{ ...probe, metrics: [vog] }], begun);
right('loadNamedWeights', weights.loadNamedWeights, [named, namedWeights, { layout: 'torch' }]);
right('collectResources', core.collectResources, [model, probe, { logits: core.logits }]);
right('visitResources', core.visitResources, [
  model,
  probe,
  { logits: core.logits },
  { visit: ({ logits }: { logits: tf.Tensor }) => ({ logits }), receive: () => {} },
]);
right('defineMetric', core.defineMetric, [
  {
    name: 'mine',
    hardDirection: 'high',
    requires: { loss: core.loss },
    init: ({ size }: core.InitContext) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }: { sum: tf.Tensor }) => ({ sum }),
    compute: ({ sum }: { sum: tf.Tensor }) => sum,
  },
]);
right('defineResource', core.defineResource, [
  { name: 'mine', requires: { logits: core.logits }, compute: ({ logits }: { logits: tf.Tensor }) => logits },
]);
right('defineMonitor', core.defineMonitor as Callable, [
  { name: 'mine', figures: ['one'], checkpoint: () => ({ one: 1 }) },
]);
right('features', core.features, ['hidden']);
right('inputGradient', core.inputGradient, [{}]);
right('inputGradientOf', core.inputGradientOf, [core.logitsOf(model), xs, labels]);
right('inputGradientOfScalar', core.inputGradientOfScalar, [{ name: 'mine', of: (logits: tf.Tensor) => logits }]);
right('linearHeadOf', core.linearHeadOf, [model], (head) => tf.dispose(head as tf.TensorContainer));
right('logitsOf', core.logitsOf, [model]);
right('atFractions', core.atFractions, [[0.5, 1]]);
right('during', core.during, [core.everyEpoch(), core.epochs(0, 2)]);
right('either', core.either, [core.everyEpoch(), core.everySteps(2)]);
right('everyEpoch', core.everyEpoch, []);
right('everySteps', core.everySteps, [2]);
right('logSpaced', core.logSpaced, [1, 100, 5]);
right('epochs', core.epochs, [0, 2]);
right('steps', core.steps, [0, 20]);
right('stages', core.stages, [3]);
right('scheduled', core.scheduled, [vog, core.everyEpoch()]);
right('seededRandom', core.seededRandom, [1]);
method('Tracker', 'begin', passing, [model, { epochs: 4 }]);
method('Tracker', 'checkpoint', passing, [model, { epoch: 2 }]);
method('Tracker', 'observe', passing, [model, { epoch: 2 }]);
method('Tracker', 'epochEnd', passing, [2, { loss: 0.5 }]);
method('Tracker', 'scores', passing, ['vog', {}]);
method('Tracker', 'columns', passing, ['vog', {}]);
method('Tracker', 'on', passing, ['reset', () => {}]);
method('Tracker', 'save', passing, [join(folder, 'saved.safetensors')]);
method('Tracker', 'load', passing, [join(folder, 'right.safetensors')]);
method('Scores', 'hardest', () => scores, [2]);
method('Scores', 'easiest', () => scores, [2]);
method('Scores', 'normalise', () => scores, ['class']);
right('repairBackend', coreNode.repairBackend as Callable, []);
right('selectBackend', coreNode.selectBackend, ['cpu'], () => tf.setBackend('cpu'));
right('writeFileAtomically', coreNode.writeFileAtomically, [join(folder, 'file.bin'), Uint8Array.of(1, 2)]);
right('replaceFile', coreNode.replaceFile, [
  join(folder, 'replaced.bin'),
  (sink: core.ByteSink) => sink.write(0, Uint8Array.of(1)),
  { durable: false },
]);
right('withFile', coreNode.withFile, [join(folder, 'replaced.bin'), async ({ size }: core.ByteSource) => size]);
right('checkMetric', testing.checkMetric, [metrics.el2n()]);

// callback
right('trackDifficulty', callback.trackDifficulty, [{ ...probe, metrics: [vog] }], (made) =>
  begun((made as callback.DifficultyCallback).tracker),
);
right('fitCallback', callback.fitCallback, [tracker]);
right('asCallback', callback.asCallback, [{ onEpochEnd: () => {} }]);
right('curriculum', callback.curriculum, [tracker, { metric: 'vog' }]);
// A plan of its own for every call: an epoch is planned once.
right('fitWithCurriculum', callback.fitWithCurriculum, [
  trainee,
  xs,
  ys,
  { curriculum: callback.curriculum(await fresh(), { order: 'random' }), epochs: 1, batchSize: 3, verbose: 0 },
]);
right('infoBatch', callback.infoBatch, []);
right('dropLabelErrors', callback.dropLabelErrors, []);
right('coreset', callback.coreset, [{ perClass: 1 }]);
right('progressBar', callbackNode.progressBar, [tracker]);
right('autosave', callbackNode.autosave, [{ path: join(folder, 'training.safetensors'), tracker }]);
right('saveCheckpoints', callbackNode.saveCheckpoints, [{ folder: join(folder, 'ckpt') }]);
right('tensorBoard', callbackNode.tensorBoard, [tracker, { dir: join(folder, 'board') }]);
right('resume', callbackNode.resume, [{ path: join(folder, 'not-there.safetensors'), model, tracker }]);
right('readSavedTraining', callbackNode.readSavedTraining, [join(folder, 'not-there.safetensors')]);

// metrics
for (const make of metrics.trackerMetrics) right(make.definition.call, make, [{}]);
right('trajectoryVariance', metrics.trajectoryVariance, [core.loss]);
right('prototypicality', metrics.prototypicality, [model, probe]);
right('predictionDepth', metrics.predictionDepth, [model, probe, { layers: ['hidden'], k: 2 }]);
right('benjaminiHochberg', metrics.benjaminiHochberg, [[0.01, 0.2, 0.5]]);
right('bootstrap', metrics.bootstrap, [([x]: Float64Array[]) => x?.[0] ?? 0, [numbers], { resamples: 50 }]);
right('bootstrapRows', metrics.bootstrapRows, [
  SIZE,
  (picked: ArrayLike<number>) => [picked[0] ?? 0],
  { resamples: 50 },
]);
right('classCorrelation', metrics.classCorrelation, [{ ...plain(numbers), labels }, flags]);
right('classDifficulty', metrics.classDifficulty, [{ ...plain(numbers), labels }, flags]);
right('classThresholds', metrics.classThresholds, [{ data: rows, shape: [SIZE, CLASSES] }, labels]);
right('confidentJoint', metrics.confidentJoint, [{ data: rows, shape: [SIZE, CLASSES] }, labels]);
right('labelIssues', metrics.labelIssues, [{ data: rows, shape: [SIZE, CLASSES] }, labels]);
right('clopperPearson', metrics.clopperPearson, [3, 10]);
right('overRepresentation', metrics.overRepresentation, [3, 10, 20, 100]);
right('compareDetection', metrics.compareDetection, [plain(numbers), plain([...numbers].reverse()), flags]);
right('detectionIntervals', metrics.detectionIntervals, [plain(numbers), flags]);
right('evaluateDetection', metrics.evaluateDetection, [plain(numbers), flags]);
right('errorByPercentile', metrics.errorByPercentile, [plain(many), manyFlags]);
right('errorsOf', metrics.errorsOf, [
  [0, 1, 2],
  [0, 1, 1],
]);
right('detectLabelErrors', metrics.detectLabelErrors, [{ vog: scores }]);
right('folds', metrics.folds, [labels, { count: 2 }]);
right('dataIqGroups', metrics.dataIqGroups, [{ confidence: numbers, aleatoric: numbers }]);
right('probabilitiesOf', metrics.probabilitiesOf, [await columns.columns()]);
right('percentilesOf', statistics.percentilesOf, [plain(numbers)]);
right('pearson', metrics.pearson, [numbers, [...numbers].reverse()]);
right('spearman', metrics.spearman, [numbers, [...numbers].reverse()]);
right('rankAgreement', metrics.rankAgreement, [{ a: plain(numbers), b: plain([...numbers].reverse()) }]);
right('quantile', metrics.quantile, [numbers, 0.5]);
right('tTest', metrics.tTest, [numbers, [0.4, 0.1, 0.2]]);
right('tTestFromStatistics', metrics.tTestFromStatistics, [
  { mean: 1, std: 1, n: 10 },
  { mean: 2, std: 1, n: 10 },
]);

// data
right('readNpy', data.readNpy, [npy]);
right('writeNpy', data.writeNpy, [{ data: Float32Array.of(1, 2), shape: [2] }]);
right('readNpz', data.readNpz, [npz]);
right('writeNpz', data.writeNpz, [{ a: { data: Float32Array.of(1, 2), shape: [2] } }, { compress: true }]);
right('decodeImage', images.decodeImage, [picture]);
right('resizeImage', images.resizeImage, [
  { data: new Uint8Array(12), width: 2, height: 2, channels: 3 },
  { size: 4, fit: 'cover', filter: 'area', background: [0, 0, 0] },
]);
right('readImageFolder', images.readImageFolder, [pictures, { size: 4, labels: 'folders', channels: 1, memory: 0 }]);
right('readImageParquet', images.readImageParquet, [pictureParquet, { size: 4, image: 'image', label: 'label' }]);
right('readParquet', tables.readParquet, [parquet, { id: 'i', columns: ['n'] }]);
right('readCsv', tables.readCsv, [csv, { id: 'id', delimiter: ',', decimal: '.' }]);
right('readLabelTable', tables.readLabelTable, [csv, { id: 'id', label: 'label', ids: ['a', 'b'] }]);
right('encodeTable', tables.encodeTable, [table, { target: 'label', task: 'classification', exclude: ['id'] }]);
right('tableEncoder', tables.tableEncoder, [
  { version: 1, parts: [{ kind: 'one-hot', column: 'x', levels: ['a'] }], target: null },
]);
right('readSafetensors', data.readSafetensors, [st]);
right('writeSafetensors', data.writeSafetensors, [{ a: { data: Float32Array.of(1, 2), shape: [2] } }]);
right('readIdx', data.readIdx, [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 8)]);
right('readCifar', data.readCifar, [new Uint8Array(3073), { kind: 'cifar10' }]);
right('gaussianNoise', data.gaussianNoise, [{ size: 2, shape: [2, 2, 1], seed: 1 }]);

// ood
for (const make of ood.allDetectors) right(make.definition.call, make, [{}]);
right('evaluateOod', ood.evaluateOod, [numbers, flags]);
right('oodCurves', ood.oodCurves, [numbers, flags]);
right('oodByPercentile', ood.oodByPercentile, [numbers, flags]);
right('compareOod', ood.compareOod, [{ msp: { in: numbers, out: flags }, energy: { in: numbers, out: flags } }]);
right('streamingOodEvaluation', ood.streamingOodEvaluation as Callable, []);
right('calibrateThreshold', ood.calibrateThreshold, [numbers]);
right('decideOod', ood.decideOod, [threshold, inside.knn]);
right('readThreshold', ood.readThreshold, [JSON.parse(JSON.stringify(threshold))]);
right('isOod', ood.isOod, [model, { inputs }, fitted, threshold]);
right('fitDetectors', ood.fitDetectors, [model, probe, [ood.msp()]]);
right('scoreOod', ood.scoreOod, [model, { inputs }, fitted]);
right('saveDetectors', ood.saveDetectors, [fitted]);
right('loadDetectors', ood.loadDetectors, [saved, [ood.msp(), ood.energy(), ood.knn({ k: 2 })]]);
right('vogOod', ood.vogOod, [{ in: { tracker: trajectories, to: 3 }, out: { tracker: trajectories, from: 3 } }]);
right('vogOodMetrics', ood.vogOodMetrics as Callable, []);
right('predictedLabel', ood.predictedLabel as Callable, []);
right('oodMonitor', ood.oodMonitor, [{ in: { inputs }, out: { noise: { inputs } }, detectors: [ood.msp()] }]);
right(
  'replayCheckpoints',
  ood.replayCheckpoints,
  [model, { inputs, labels, checkpoints: [() => {}, () => {}], metrics: () => [metrics.vog()] }],
  (made) => (made as core.Tracker).dispose(),
);
right('featuresAt', ood.featuresAt, ['hidden']);
right('featureRows', ood.featureRows, ['hidden']);
right('rowsOf', ood.rowsOf, [core.logits]);
right('classScatter', ood.classScatter, ['hidden']);
right('defineDetector', ood.defineDetector, [
  { name: 'mine', requires: { logits: core.logits }, score: ({ logits }: { logits: tf.Tensor }) => tf.max(logits, 1) },
]);

// report and data that ship
right('renderReport', report.renderReport, [{ title: 'T', scores }]);
right('renderOodReport', report.renderOodReport, [
  {
    title: 'T',
    ood: { in: { name: 'test' }, out: { name: 'noise' }, detectors: { msp: { in: numbers, out: flags } } },
  },
]);
right('fashionMnist', shipped.fashionMnist, [2], (made) => {
  const { inputs: images, targets } = made as shipped.FashionMnist;
  tf.dispose([images, targets]);
});
right('fashionMnistBytes', shipped.fashionMnistBytes, [2]);

export const rightCalls: readonly RightCall[] = calls;

/** Every function that the packages export. */
export const exported: readonly string[] = [
  ...new Set(
    [
      core,
      coreNode,
      testing,
      callback,
      callbackNode,
      metrics,
      statistics,
      data,
      images,
      tables,
      ood,
      report,
      shipped,
    ].flatMap((entry) =>
      Object.entries(entry)
        .filter(([, value]) => typeof value === 'function' && !/^class\b/.test(String(value)))
        .map(([name]) => name),
    ),
  ),
];
