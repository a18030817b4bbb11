import * as tf from '@tensorflow/tfjs';
import type { MomentsInputs } from './inputs.js';
import { gridOf, recordProgram, type WebgpuBackend } from '../kernels/webgpu/backend.js';

/** One thread per element, or per four where the size allows it: each value is read once and written once. */
function shader(type: 'f32' | 'vec4<f32>'): string {
  return `
    @group(0) @binding(0) var<storage, read> count: array<f32>;
    @group(0) @binding(1) var<storage, read> mean: array<${type}>;
    @group(0) @binding(2) var<storage, read> m2: array<${type}>;
    @group(0) @binding(3) var<storage, read> x: array<${type}>;
    @group(0) @binding(4) var<storage, read_write> nextCount: array<f32>;
    @group(0) @binding(5) var<storage, read_write> nextMean: array<${type}>;
    @group(0) @binding(6) var<storage, read_write> nextM2: array<${type}>;

    @compute @workgroup_size(${gridOf.threads})
    fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
      let i = id.y * groups.x * ${gridOf.threads}u + id.x;
      let n = count[0] + 1.0;
      if (i == 0u) { nextCount[0] = n; }
      if (i >= arrayLength(&nextMean)) { return; }
      let delta = x[i] - mean[i];
      nextMean[i] = mean[i] + delta / n;
      nextM2[i] = m2[i] + delta * delta * (count[0] / n);
    }`;
}

/**
 * One step of Welford's recurrence in one pass over the device's memory: three tensors are read and two written, where
 * the six operations that it stands in for move fifteen.
 */
export function webgpuMomentsPush(inputs: MomentsInputs, backend: WebgpuBackend): tf.TensorInfo[] {
  const { count, mean, m2, x } = inputs;
  const size = tf.util.sizeFromShape(mean.shape);
  const wide = size % 4 === 0;
  const outputs = [count, mean, m2].map(({ shape }) => backend.makeTensorInfo(shape, 'float32'));
  recordProgram(backend, {
    key: `vogjs moments push ${wide ? 4 : 1}`,
    code: shader(wide ? 'vec4<f32>' : 'f32'),
    inputs: [count, mean, m2, x],
    outputs,
    workgroups: gridOf(wide ? size / 4 : size),
  });
  return outputs;
}
