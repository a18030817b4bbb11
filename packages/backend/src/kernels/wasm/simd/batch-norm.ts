import type * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../../registry/registry.js';
import { floats, type WasmBackend } from '../heap.js';
import { addressOf, simdKernels } from './kernels.js';

type Statistics = Partial<Record<'x' | 'mean' | 'variance' | 'scale' | 'offset', tf.TensorInfo>>;

/** Whether each is a float32 vector of x's channels: what a layer has. */
function areVectors({ x, ...statistics }: Statistics): boolean {
  const given = Object.values(statistics).filter((statistic) => statistic !== undefined && statistic !== null);
  const channels = x!.shape.at(-1);
  return given.every(({ dtype, shape }) => dtype === 'float32' && shape.length === 1 && shape[0] === channels);
}

/**
 * `FusedBatchNorm` along the last axis, four numbers at once. The stock kernel takes them one by one, and a square root and
 * a division for each: a tenth of ResNet-18.
 */
export function normalisation(original: KernelFunction): KernelFunction {
  return (args) => {
    const { x, mean, variance, scale, offset } = args.inputs as Statistics;
    const channels = x!.shape.at(-1) ?? 0;
    const size = x!.shape.reduce((product, length) => product * length, 1);
    const backend = args.backend as WasmBackend;
    const suits = x!.dtype === 'float32' && size > 0 && channels >= 4 && areVectors(args.inputs as Statistics);
    const simd = suits ? simdKernels(backend) : null;
    if (!simd) return original(args);
    const y = backend.makeOutput([...x!.shape], 'float32');
    const vectors = backend.makeOutput([2, channels], 'float32');
    const made = floats(backend, vectors).fill(0);
    const variances = floats(backend, variance!);
    const scales = scale && floats(backend, scale);
    const epsilon = args.attrs?.['varianceEpsilon'] as number;
    for (let c = 0; c < channels; c++) made[c] = (scales?.[c] ?? 1) / Math.sqrt(variances[c]! + epsilon);
    if (offset) made.set(floats(backend, offset), channels);
    const slopes = addressOf(backend, vectors);
    const [from, means, to] = [x!, mean!, y].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
    simd.normalise(from, means, slopes, slopes + 4 * channels, to, size / channels, channels);
    backend.disposeData(vectors.dataId);
    return y;
  };
}
