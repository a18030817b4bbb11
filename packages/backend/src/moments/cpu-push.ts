import type * as tf from '@tensorflow/tfjs';
import type { MomentsInputs } from './inputs.js';

/** The part of tfjs-backend-cpu's `MathBackendCPU` that is used here. */
export interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
}

/** One loop over the numbers; the arithmetic is in float64, rounded once where it is stored. */
export function cpuMomentsPush({ count, mean, m2, x }: MomentsInputs, backend: CpuBackend): tf.TensorInfo[] {
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
