// Writes real images and the values that a device must reproduce, made on the fastest backend here.
// usage: node scripts/ts.mjs test/bench/gpu/golden.ts FILE [DATA]    DATA: default ../shared/data beside the repository
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type SafetensorsInput, writeSafetensors, readCifar, readIdx } from '@vogjs/formats';
import { selectBackend } from '@vogjs/core/node';
import { CASES, type Images, valuesOf } from './cases.js';

const COUNT = 256;
const [file, data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: golden.ts FILE [DATA]');

async function fashion(): Promise<Images> {
  const read = (name: string) => readIdx(readFileSync(join(data, 'fashion-mnist', name)));
  const images = await read('t10k-images-idx3-ubyte.gz');
  const labels = await read('t10k-labels-idx1-ubyte.gz');
  return first(images.data as Uint8Array, [28, 28, 1], Int32Array.from(labels.data));
}

/** The standard test_batch.bin, or the lossless packing that lies beside its decoder. */
async function cifar(): Promise<Images> {
  const plain = join(data, 'cifar10/test_batch.bin');
  let bytes: Uint8Array;
  if (existsSync(plain)) bytes = readFileSync(plain);
  else {
    const decoder = (await import(pathToFileURL(join(data, 'tools/rgb32.mjs')).href)) as {
      decodeRgb32(packed: Uint8Array): { data: Uint8Array };
    };
    bytes = decoder.decodeRgb32(readFileSync(join(data, 'cifar10/test_batch.rgb32.gz'))).data;
  }
  const { images, labels } = readCifar(bytes, { kind: 'cifar10' });
  return first(images, [32, 32, 3], labels);
}

function first(images: Uint8Array, example: readonly [number, number, number], labels: Int32Array): Images {
  const width = example.reduce((a, b) => a * b, 1);
  return { images: images.slice(0, COUNT * width), shape: [COUNT, ...example], labels: labels.slice(0, COUNT) };
}

const { backend, version } = await selectBackend();
const sets = { 'fashion-mnist': await fashion(), cifar10: await cifar() };
const tensors: Record<string, SafetensorsInput> = {};
for (const [name, { images, shape, labels }] of Object.entries(sets)) {
  tensors[`${name}/images`] = { data: images, shape };
  tensors[`${name}/labels`] = { data: labels, shape: [labels.length] };
}
for (const each of CASES) {
  const values = await valuesOf(each, sets[each.images]);
  for (const [name, tensor] of Object.entries(values)) tensors[`${each.name}/${name}`] = tensor;
}
writeFileSync(file, writeSafetensors(tensors, { backend, version, date: new Date().toISOString().slice(0, 10) }));
console.log(`golden values of ${CASES.map(({ name }) => name).join(', ')} made on ${backend} (${version}): ${file}`);
