// The packed benchmark: runs on a bare x86-64 Linux machine, from the folder that pack.ts made.
// usage: ./run.sh [--small] [--json FILE]
import { settleDevice, assertInputGradient } from '@vogjs/backend';
import { type Dawn, importWebgpuBackend, startWebgpu } from '@vogjs/backend/node';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { readSafetensors } from '@vogjs/formats';
import { repairBackend } from '@vogjs/backend/repair';
import { uniformFrom } from '@vogjs/testing';
import { normalBatch, resnet18, seedWeights } from '../../networks.js';
import { relativeError } from '../../support/reference.js';
import { table } from '../harness.js';
import { bandwidthOf } from './bandwidth.js';
import { CASES, imagesIn, valuesOf } from './cases.js';
import { type Throughput, throughputOf } from './throughput.js';
import { wideResnet } from './wide-resnet.js';

const { values: options } = parseArgs({
  options: { small: { type: 'boolean', default: false }, json: { type: 'string' }, folder: { type: 'string' } },
});
const { small, folder = '.' } = options;
/** Largest difference from the golden values, relative to the largest of them. */
const ALLOWED = { logits: 1e-4, gradient: 1e-2, vog: 1e-3 } as const;
let failures = 0;
const judged = (good: boolean): string => {
  if (!good) failures++;
  return good ? 'ok' : 'WRONG';
};

const dawn = createRequire(`${folder}/`)('./dawn.node') as Dawn;
const adapter = await startWebgpu(dawn, importWebgpuBackend, { software: true });
if ('reason' in adapter) throw new Error(`${adapter.reason}. ${adapter.fix}`);
repairBackend();
const golden = readSafetensors(readFileSync(`${folder}/golden.safetensors`));
const { backend, version, date } = golden.metadata;
console.log(`date     ${new Date().toISOString()}`);
console.log(`device   ${adapter.name}${adapter.software ? ' (software: these are not figures of a GPU)' : ''}`);
console.log(`limits   a tensor may have ${(adapter.largestTensor / 2 ** 20).toFixed(0)} MiB`);
console.log(`host     ${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}, tfjs ${tf.version.tfjs}`);
console.log(`sizes    ${small ? 'small (--small)' : 'full'}`);
console.log(`golden   made on ${backend} (${version}), ${date}`);

/** A network with what backends get wrong: pools over borders, BatchNorm before a pool, a shortcut. */
function trial(): tf.LayersModel {
  const { layers } = tf;
  return tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [7, 6, 2], filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh' }),
      layers.batchNormalization(),
      layers.maxPooling2d({ poolSize: 2, padding: 'same' }),
      layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      layers.flatten(),
      layers.dense({ units: 3 }),
    ],
  });
}

async function correctness(): Promise<string[][]> {
  const rows = [['correctness', 'largest relative error', 'allowed', '']];
  const model = seedWeights(trial(), 1);
  const x = normalBatch(model, 3, uniformFrom(2));
  const { worst } = await assertInputGradient((at) => model.apply(at) as tf.Tensor, x, { random: uniformFrom(3) });
  rows.push(['input gradient against finite differences', worst.error.toExponential(1), '4.0e-3', judged(true)]);
  for (const each of CASES) {
    const values = await valuesOf(each, imagesIn(golden, each.images));
    for (const [name, allowed] of Object.entries(ALLOWED)) {
      const expected = golden.tensors[`${each.name}/${name}`]!.data as Float32Array;
      const error = relativeError(values[name]!.data as Float32Array, expected);
      const label = `${each.name}, ${each.count} images: ${name} against golden`;
      rows.push([label, error.toExponential(1), allowed.toExponential(1), judged(error <= allowed)]);
    }
  }
  return rows;
}

async function throughput(): Promise<Throughput[]> {
  const images = imagesIn(golden, 'cifar10');
  const settings = small
    ? ([
        ['ResNet-18, width 16', () => resnet18(16), { chunkSize: 8, chunks: 2, rounds: 3 }],
        ['WRN-28-1', () => wideResnet(1), { chunkSize: 8, chunks: 2, rounds: 3 }],
      ] as const)
    : ([
        ['ResNet-18', () => resnet18(), { chunkSize: 64, chunks: 8, rounds: 5 }],
        ['ResNet-18', () => resnet18(), { chunkSize: 256, chunks: 4, rounds: 5 }],
        ['WRN-28-10', () => wideResnet(), { chunkSize: 32, chunks: 4, rounds: 3 }],
        ['WRN-28-10', () => wideResnet(), { chunkSize: 128, chunks: 2, rounds: 3 }],
      ] as const);
  const results: Throughput[] = [];
  for (const [name, build, sizes] of settings) {
    const model = seedWeights(build(), 1);
    try {
      results.push(await throughputOf(name, model, images, sizes));
    } catch (error) {
      failures++;
      console.log(`${name}, chunks of ${sizes.chunkSize}: ${error instanceof Error ? error.message : String(error)}`);
    }
    model.dispose();
  }
  return results;
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const correct = await correctness();
console.log(`\n${table(correct)}`);

const rates = await throughput();
const rateRows = rates.map((each) => [
  `${each.model}, chunks of ${each.chunkSize}`,
  each.bare.toFixed(1),
  each.tracker.toFixed(1),
  each.ratio.toFixed(3),
  ...each.memory.map(mebibytes),
  mebibytes(each.state),
]);
const heads = [
  'forward + input gradient',
  'bare images/s',
  'tracker images/s',
  'tracker/bare',
  'MiB early',
  'MiB late',
  'MiB state',
];
console.log(`\n${table([heads, ...rateRows])}`);

const fits = (elements: number): boolean => 4 * elements <= adapter.largestTensor;
const sizes = (small ? [2 ** 18, 2 ** 20] : [2 ** 20, 2 ** 24, 2 ** 26, 2 ** 28]).filter(fits);
const bandwidths = [];
for (const elements of sizes) bandwidths.push(await bandwidthOf(elements, small ? 10 : 40));
const bandwidthRows = bandwidths.map(({ elements, fused, composed, copy }) => [
  `${(elements / 2 ** 20).toFixed(2)} Mi float32`,
  fused.toFixed(1),
  composed.toFixed(1),
  copy.toFixed(1),
  (fused / copy).toFixed(2),
]);
console.log(
  `\n${table([['moments update, GB/s', 'fused', 'composed', 'plain copy', 'fused/copy'], ...bandwidthRows])}`,
);

await settleDevice('at the end');
if (options.json !== undefined) {
  const report = { adapter, golden: golden.metadata, small, correct, rates, bandwidths, failures };
  writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}
console.log(failures === 0 ? '\nall checks hold' : `\n${failures} checks FAILED`);
process.exitCode = failures === 0 ? 0 : 1;
