// What the packed benchmark computes on the device and what it must agree with: the same code makes both.
import * as tf from '@tensorflow/tfjs';
import { createTracker, inputGradientOf, logitsOf } from '@vogjs/core';
import type { Safetensors, SafetensorsInput } from '@vogjs/formats';
import { vog } from '@vogjs/metrics';
import { lenet, resnet18, seedWeights } from '../../networks.js';

/** Real images and labels, as bytes. */
export interface Images {
  readonly images: Uint8Array;
  /** [N, H, W, C] */
  readonly shape: readonly [number, number, number, number];
  readonly labels: Int32Array;
}

export interface Case {
  readonly name: string;
  readonly images: 'fashion-mnist' | 'cifar10';
  readonly count: number;
  readonly build: () => tf.LayersModel;
}

export const CASES: readonly Case[] = [
  { name: 'LeNet', images: 'fashion-mnist', count: 64, build: () => lenet() },
  { name: 'ResNet-18', images: 'cifar10', count: 8, build: () => resnet18() },
];

/** Weights of this many seeds stand for as many checkpoints of a training run. */
const CHECKPOINTS = 3;

/** The first `count` images, scaled to [0, 1], on the device. */
export function inputsOf({ images, shape }: Images, count: number): tf.Tensor {
  const [total, ...example] = shape;
  const width = images.length / total;
  // More than there are: from the start again.
  const values = Float32Array.from({ length: count * width }, (_, i) => images[i % images.length]! / 255);
  return tf.tensor(values, [count, ...example]);
}

export const labelsOf = ({ labels }: Images, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => labels[i % labels.length]!);

/** Logits and input gradients of the first weights, and VoG over all: by the library's own path, on any backend. */
export async function valuesOf({ count, build }: Case, images: Images): Promise<Record<string, SafetensorsInput>> {
  const model = build();
  const inputs = inputsOf(images, count);
  const labels = labelsOf(images, count);
  const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: 16 });
  const values: Record<string, SafetensorsInput> = {};
  for (let epoch = 0; epoch < CHECKPOINTS; epoch++) {
    seedWeights(model, epoch + 1);
    if (epoch === 0) {
      const logits = tf.tidy(() => logitsOf(model)(inputs));
      const gradient = inputGradientOf(logitsOf(model), inputs, labels);
      values['logits'] = { data: await logits.data<'float32'>(), shape: logits.shape };
      values['gradient'] = { data: await gradient.data<'float32'>(), shape: gradient.shape };
      tf.dispose([logits, gradient]);
    }
    await tracker.checkpoint(model, { epoch });
  }
  const { values: scores } = await tracker.scores();
  values['vog'] = { data: scores, shape: [count] };
  tracker.dispose();
  model.dispose();
  inputs.dispose();
  return values;
}

/** The images of one kind in a golden file. */
export function imagesIn({ tensors }: Safetensors, name: Case['images']): Images {
  const [images, labels] = [tensors[`${name}/images`]!, tensors[`${name}/labels`]!];
  return {
    images: images.data as Uint8Array,
    shape: images.shape as unknown as Images['shape'],
    labels: labels.data as Int32Array,
  };
}
