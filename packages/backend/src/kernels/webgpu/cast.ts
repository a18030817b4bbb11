import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';
import { gridOf, recordProgram, type WebgpuBackend } from './backend.js';

const CODE = `
  @group(0) @binding(0) var<storage, read> x: array<i32>;
  @group(0) @binding(1) var<storage, read_write> result: array<f32>;

  @compute @workgroup_size(${gridOf.threads})
  fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = id.y * groups.x * ${gridOf.threads}u + id.x;
    if (i < arrayLength(&result)) { result[i] = f32(x[i]); }
  }`;

interface HostValues {
  /** Where the values are: on the host, on the device once a shader used them, or on both once they were read. */
  readonly values?: ArrayLike<number> | null;
  readonly resource?: object | null;
}

/**
 * A cast of integers or booleans to float32 that converts.
 *
 * The stock kernel only renames: the buffer still holds integers under a tensor that says float32. Most shaders look
 * at the buffer and convert as they read; transpose and a few others do not compile then, the command is dropped, and
 * the result is whatever its buffer held before.
 */
export function convertingCast(original: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as unknown as { x: tf.TensorInfo };
    const backend = args.backend as unknown as WebgpuBackend;
    const widens = args.attrs?.['dtype'] === 'float32' && (x.dtype === 'int32' || x.dtype === 'bool');
    if (!widens || tf.util.sizeFromShape(x.shape) === 0) return original(args);
    const { values, resource } = backend.tensorMap.get(x.dataId) as unknown as HostValues;
    if (!resource && values) {
      return backend.makeTensorInfo([...x.shape], 'float32', Float32Array.from(values));
    }
    const result = backend.makeTensorInfo([...x.shape], 'float32');
    recordProgram(backend, {
      key: 'vogjs cast',
      code: CODE,
      inputs: [x],
      outputs: [result],
      workgroups: gridOf(tf.util.sizeFromShape(x.shape)),
    });
    return result;
  };
}
