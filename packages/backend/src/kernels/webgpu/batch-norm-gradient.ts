import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';
import { batchNormInput } from '../../lean/batch-norm-gradient.js';
import { gridOf, recordProgram, type WebgpuBackend } from './backend.js';

const shader = (channels: number, epsilon: number): string => `
  @group(0) @binding(0) var<storage, read> dy: array<f32>;
  @group(0) @binding(1) var<storage, read> variance: array<f32>;
  @group(0) @binding(2) var<storage, read> scale: array<f32>;
  @group(0) @binding(3) var<storage, read_write> dx: array<f32>;

  @compute @workgroup_size(${gridOf.threads})
  fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = id.y * groups.x * ${gridOf.threads}u + id.x;
    if (i >= arrayLength(&dx)) { return; }
    let channel = i % ${channels}u;
    dx[i] = dy[i] * (inverseSqrt(variance[channel] + ${epsilon}) * scale[channel]);
  }`;

/**
 * dx = dy * scale / sqrt(variance + epsilon) in one dispatch: a sum, a root and a product of a few numbers cost a card as
 * much as the one large product that they prepare. Statistics of other shapes than one number for each place of the last
 * axis are left to these four.
 */
export const batchNormGradient: KernelFunction = (args) => {
  const { dy, variance, scale } = args.inputs as unknown as Readonly<Record<'dy' | 'variance' | 'scale', tf.Tensor>>;
  const { varianceEpsilon } = args.attrs as unknown as { readonly varianceEpsilon: number };
  const channels = dy.shape.at(-1) ?? 1;
  const isByChannel = [variance, scale].every(({ shape }) => `${shape}` === `${channels}`);
  const size = tf.util.sizeFromShape(dy.shape);
  if (!isByChannel || size === 0) return tf.tidy(() => batchNormInput(dy, variance, scale, varianceEpsilon));
  const backend = args.backend as unknown as WebgpuBackend;
  const dx = backend.makeTensorInfo([...dy.shape], 'float32');
  recordProgram(backend, {
    key: `vogjs batch norm gradient ${channels} ${varianceEpsilon}`,
    code: shader(channels, varianceEpsilon),
    inputs: [dy, variance, scale],
    outputs: [dx],
    workgroups: gridOf(size),
  });
  return dx;
};
