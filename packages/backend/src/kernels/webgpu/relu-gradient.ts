import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';
import { gridOf, recordProgram, type WebgpuBackend } from './backend.js';

const shader = (type: 'f32' | 'vec4<f32>'): string => `
  @group(0) @binding(0) var<storage, read> dy: array<${type}>;
  @group(0) @binding(1) var<storage, read> y: array<${type}>;
  @group(0) @binding(2) var<storage, read_write> dx: array<${type}>;

  @compute @workgroup_size(${gridOf.threads})
  fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = id.y * groups.x * ${gridOf.threads}u + id.x;
    if (i >= arrayLength(&dx)) { return; }
    dx[i] = select(${type}(0.0), dy[i], y[i] > ${type}(0.0));
  }`;

/** dx = dy where y > 0, in one dispatch that writes one tensor; `step` and a product are two of each. */
export const reluGradient: KernelFunction = (args) => {
  const { dy, y } = args.inputs as unknown as { readonly dy: tf.TensorInfo; readonly y: tf.TensorInfo };
  const backend = args.backend as unknown as WebgpuBackend;
  const size = tf.util.sizeFromShape(dy.shape);
  const dx = backend.makeTensorInfo([...dy.shape], 'float32');
  if (size === 0) return dx;
  const wide = size % 4 === 0;
  recordProgram(backend, {
    key: `vogjs relu gradient ${wide ? 4 : 1}`,
    code: shader(wide ? 'vec4<f32>' : 'f32'),
    inputs: [dy, y],
    outputs: [dx],
    workgroups: gridOf(wide ? size / 4 : size),
  });
  return dx;
};
