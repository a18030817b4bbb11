import type * as tf from '@tensorflow/tfjs';
import { asKernel } from './heap.js';

interface Inputs {
  readonly x: tf.TensorInfo;
}

/** Klambauer et al. 2017: the scale, and the scale times alpha. */
const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473768;

/**
 * Functions that the wasm backend computes only roughly, computed in float64.
 *
 * - log1p is log(1 + x) there: 0 for every x below 6e-8, and a third off at 1e-7.
 * - sign is 0 for every |x| below 1.2e-7: a step along the sign of a small gradient stands still.
 * - sin and cos carry an absolute error of 2e-7, near their zeros too, and are noise for large angles.
 * - selu is 0 for small negative x.
 */
export const EXACT: Readonly<Record<string, (x: number) => number>> = {
  Cos: Math.cos,
  Log1p: Math.log1p,
  Selu: (x) => (x >= 0 ? SELU_SCALE * x : SELU_SCALE_ALPHA * Math.expm1(x)),
  Sign: Math.sign,
  Sin: Math.sin,
};

/** A kernel that applies one of {@link EXACT} to each number, on the WebAssembly heap. Float32 like the stock one. */
export const exactUnary = (
  kernelName: string,
  original: tf.KernelConfig['kernelFunc'],
): tf.KernelConfig['kernelFunc'] =>
  asKernel<Inputs, Record<string, never>>((args) => {
    const { x } = args.inputs;
    if (x.dtype !== 'float32') return original(args as never) as tf.TensorInfo;
    const f = EXACT[kernelName]!;
    const result = args.backend.makeOutput([...x.shape], 'float32');
    const source = args.backend.typedArrayFromHeap(x);
    const target = args.backend.typedArrayFromHeap(result);
    for (let i = 0; i < target.length; i++) target[i] = f(source[i]!);
    return result;
  });
