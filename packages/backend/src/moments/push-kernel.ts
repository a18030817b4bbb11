import * as tf from '@tensorflow/tfjs';
import { MOMENTS_PUSH, type MomentsInputs } from './inputs.js';

export type MomentsKernel = (inputs: MomentsInputs, backend: unknown) => tf.TensorInfo[];

/** The part of tfjs-backend-cpu's `MathBackendCPU` that is used here. */
interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
}

/** One loop over the numbers; the arithmetic is in float64, rounded once where it is stored. */
function cpuMomentsPush({ count, mean, m2, x }: MomentsInputs, backend: CpuBackend): tf.TensorInfo[] {
  const read = ({ dataId }: tf.TensorInfo): Float32Array => backend.data.get(dataId).values;
  const [seen, means, m2s, values] = [read(count)[0]!, read(mean), read(m2), read(x)];
  const [nextMean, nextM2] = [new Float32Array(means.length), new Float32Array(means.length)];
  const share = 1 / (seen + 1);
  const weight = seen * share;
  for (let i = 0; i < means.length; i++) {
    const delta = values[i]! - means[i]!;
    nextMean[i] = means[i]! + delta * share;
    nextM2[i] = m2s[i]! + delta * delta * weight;
  }
  return [
    backend.makeTensorInfo(count.shape, 'float32', Float32Array.of(seen + 1)),
    backend.makeTensorInfo(mean.shape, 'float32', nextMean),
    backend.makeTensorInfo(m2.shape, 'float32', nextM2),
  ];
}

/**
 * Puts a one-pass update into the kernel registry. Whatever stands there under {@link MOMENTS_PUSH} already stays.
 *
 * Backends on which one pass was measured to be faster than the six operations (docs/webgpu.md) have one: cpu here, and
 * webgpu with its repairs. Not wasm, whose SIMD operations beat a loop in JavaScript, nor tfjs-node, whose kernels are
 * TensorFlow's own.
 */
export function registerMomentsPush(backendName: string, kernel: MomentsKernel): void {
  if (tf.getKernel(MOMENTS_PUSH, backendName)) return;
  tf.registerKernel({
    kernelName: MOMENTS_PUSH,
    backendName,
    kernelFunc: ({ inputs, backend }) => kernel(inputs as unknown as MomentsInputs, backend),
  });
}

function isRegistered(backendName: string): boolean {
  if (backendName === 'cpu')
    registerMomentsPush('cpu', (inputs, backend) => cpuMomentsPush(inputs, backend as CpuBackend));
  return tf.getKernel(MOMENTS_PUSH, backendName) !== undefined;
}

/**
 * Count, mean and m2 after one more value by the active backend's kernel. Null where it has none, or where the
 * composed form is needed: under a tape (the kernel has no gradient), for other types, and where shapes differ.
 */
export function pushFused(
  count: tf.Tensor,
  mean: tf.Tensor,
  m2: tf.Tensor,
  x: tf.Tensor,
): readonly [tf.Tensor, tf.Tensor, tf.Tensor] | null {
  const plain =
    [count, mean, m2, x].every(({ dtype }) => dtype === 'float32') &&
    tf.util.arraysEqual(mean.shape, x.shape) &&
    tf.util.arraysEqual(mean.shape, m2.shape) &&
    count.size === 1 &&
    mean.size > 0 &&
    tf.engine().state.gradientDepth === 0;
  if (!plain || !isRegistered(tf.getBackend())) return null;
  const inputs = { count, mean, m2, x };
  return tf.engine().runKernel(MOMENTS_PUSH, inputs, {}) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
}
