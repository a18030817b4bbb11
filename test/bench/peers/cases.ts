// What all peers are given: the same images, labels and weights of each checkpoint, in files.
import * as tf from '@tensorflow/tfjs';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type SafetensorsInput, writeSafetensors, readCifar, readIdx } from '@vogjs/formats';
import { lenet, resnet18, seedWeights } from '../../networks.js';
import { namedWeights } from './weights.js';

const REPOSITORY = new URL('../../../', import.meta.url);

/** What a peer reads of a case: `case.json` in the case's folder. */
export interface CaseFile {
  readonly network: NetworkName;
  readonly chunkSize: number;
  /** Whether PyTorch is given its images and weights in the order height, width, channels. */
  readonly channelsLast: boolean;
}

export interface Case extends CaseFile {
  readonly title: string;
  readonly images: 'fashion-mnist' | 'cifar10';
  readonly examples: number;
  /** Checkpoints of a timed run: each has weights of its own. */
  readonly checkpoints: number;
  /** Examples of the processes whose memory is measured. */
  readonly memoryExamples: number;
  /** Whether checkpoints are epochs of training on the probe, or weights of as many seeds. */
  readonly trained: boolean;
  /** Whether Datagnosis is asked too. */
  readonly datagnosis: boolean;
  /** Our native speed in speeds of the fastest of PyTorch by hand, torch.compile and JAX. */
  readonly atLeast: number;
  /** Rounds of the fast peers, and of those that take more than three times our time. */
  readonly rounds: readonly [number, number];
}

/** Two hidden layers of 128 and 64 units, the sizes of Datagnosis's SimpleMLP. */
function mlp(): tf.LayersModel {
  const { layers } = tf;
  return tf.sequential({
    layers: [
      layers.flatten({ inputShape: [28, 28, 1] }),
      layers.dense({ units: 128, activation: 'relu' }),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
}

export const NETWORKS = { mlp, lenet, resnet18 } as const;
type NetworkName = keyof typeof NETWORKS;

export const CASES: readonly Case[] = [
  {
    title: 'MLP 784-128-64-10, Fashion-MNIST',
    network: 'mlp',
    images: 'fashion-mnist',
    examples: 1024,
    memoryExamples: 1024,
    checkpoints: 5,
    chunkSize: 256,
    channelsLast: false,
    trained: true,
    datagnosis: true,
    atLeast: 1,
    rounds: [7, 2],
  },
  {
    title: 'LeNet, Fashion-MNIST',
    network: 'lenet',
    images: 'fashion-mnist',
    examples: 1024,
    memoryExamples: 1024,
    checkpoints: 5,
    chunkSize: 256,
    channelsLast: false,
    trained: true,
    datagnosis: true,
    atLeast: 1.3,
    rounds: [7, 2],
  },
  {
    title: 'ResNet-18, CIFAR-10',
    network: 'resnet18',
    images: 'cifar10',
    examples: 64,
    memoryExamples: 8,
    checkpoints: 5,
    chunkSize: 32,
    channelsLast: true,
    trained: false,
    datagnosis: false,
    atLeast: 1.1,
    rounds: [4, 2],
  },
];

interface Images {
  /** `[count, ...shape]`, bytes. */
  readonly pixels: Uint8Array;
  readonly shape: readonly [number, number, number];
  readonly labels: Int32Array;
}

/** The first images of the shipped Fashion-MNIST test set. */
async function fashionMnist(count: number): Promise<Images> {
  const read = (name: string) =>
    readIdx(readFileSync(new URL(`packages/vogjs/assets/fashion-mnist/${name}`, REPOSITORY)));
  const images = await read('t10k-images-idx3-ubyte.gz');
  const labels = await read('t10k-labels-idx1-ubyte.gz');
  const pixels = (images.data as Uint8Array).subarray(0, count * 28 * 28);
  return { pixels, shape: [28, 28, 1], labels: Int32Array.from(labels.data.subarray(0, count)) };
}

/** The first images of CIFAR-10's test set; null where that data is absent. It is no part of the repository. */
async function cifar10(count: number): Promise<Images | null> {
  const data = fileURLToPath(new URL('../shared/data/', REPOSITORY));
  const packed = join(data, 'cifar10/test_batch.rgb32.gz');
  if (!existsSync(packed)) return null;
  const decoder = (await import(pathToFileURL(join(data, 'tools/rgb32.mjs')).href)) as {
    decodeRgb32(packed: Uint8Array): { data: Uint8Array };
  };
  const { images, labels } = readCifar(decoder.decodeRgb32(readFileSync(packed)).data, { kind: 'cifar10' });
  return { pixels: images.subarray(0, count * 3072), shape: [32, 32, 3], labels: labels.slice(0, count) };
}

/** Bytes of pixels as inputs from 0 to 1, on the device: `[count, ...shape]`. */
export function inputsOf(pixels: Uint8Array, shape: readonly number[]): tf.Tensor {
  return tf.tensor(
    Float32Array.from(pixels, (pixel) => pixel / 255),
    [...shape],
  );
}

/** Trains one more epoch on the probe: an ordinary step of an ordinary run. */
async function trainOne(model: tf.LayersModel, { pixels, shape, labels }: Images): Promise<void> {
  const inputs = inputsOf(pixels, [labels.length, ...shape]);
  const targets = tf.tidy(() => tf.gather(tf.eye(10), tf.tensor1d(labels, 'int32')));
  await model.fit(inputs, targets, { epochs: 1, batchSize: 128, shuffle: false, verbose: 0 });
  tf.dispose([inputs, targets]);
}

/**
 * Writes a case's files into `folder`: `case.json`, `probe.safetensors` (images as bytes, labels) and the weights of
 * every checkpoint. Uses the active backend.
 *
 * @returns false where the case's images are absent
 */
export async function writeCase(each: Case, folder: string): Promise<boolean> {
  const images = each.images === 'cifar10' ? await cifar10(each.examples) : await fashionMnist(each.examples);
  if (images === null) return false;
  mkdirSync(folder, { recursive: true });
  const { network, chunkSize, channelsLast, examples } = each;
  const file: CaseFile = { network, chunkSize, channelsLast };
  writeFileSync(join(folder, 'case.json'), JSON.stringify(file));
  const probe: Record<string, SafetensorsInput> = {
    images: { data: images.pixels, shape: [examples, ...images.shape] },
    labels: { data: images.labels, shape: [examples] },
  };
  writeFileSync(join(folder, 'probe.safetensors'), writeSafetensors(probe));

  const model = seedWeights(NETWORKS[network](), 1);
  if (each.trained) model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  for (let checkpoint = 0; checkpoint < each.checkpoints; checkpoint++) {
    if (each.trained) await trainOne(model, images);
    else seedWeights(model, checkpoint + 1);
    const tensors: Record<string, SafetensorsInput> = {};
    for (const [name, weight] of namedWeights(model)) {
      const value = weight.read();
      tensors[name] = { data: await value.data<'float32'>(), shape: value.shape };
    }
    writeFileSync(join(folder, `checkpoint-${checkpoint}.safetensors`), writeSafetensors(tensors));
  }
  model.dispose();
  return true;
}
