import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';

/** The most axes that every shader of tfjs can index: WGSL and GLSL have vectors of four, beyond it tfjs has structs. */
export const SHADER_RANK = 4;

type Shape = readonly number[];

/** Runs a kernel of the active backend. Inside another kernel nothing of it is recorded for a gradient. */
export const runKernel = (kernelName: string, inputs: tf.NamedTensorMap, attrs: object = {}): tf.Tensor =>
  tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;

/**
 * Shapes of fewer axes under which the same numbers meet: neighbouring axes along which both have all entries, or the
 * same one repeats its only entry, are one axis. [2, 3, 4, 5, 6] beside [6] is [120, 6] beside [1, 6].
 */
function mergedShapes(a: Shape, b: Shape): { a: number[]; b: number[] } {
  const rank = Math.max(a.length, b.length);
  const merged: { a: number[]; b: number[] } = { a: [], b: [] };
  let last = '';
  for (let axis = -rank; axis < 0; axis++) {
    const [inA, inB] = [a.at(axis) ?? 1, b.at(axis) ?? 1];
    if (inA === 1 && inB === 1) continue;
    const kind = inA === inB ? 'both' : inA === 1 ? 'a repeats' : 'b repeats';
    const at = kind === last ? merged.a.length - 1 : merged.a.length;
    merged.a[at] = (merged.a[at] ?? 1) * inA;
    merged.b[at] = (merged.b[at] ?? 1) * inB;
    last = kind;
  }
  return last === '' ? { a: [1], b: [1] } : merged;
}

/** Kernels of two tensors that are broadcast against each other, with the names of their inputs. */
export const BROADCASTING: Readonly<Record<string, readonly [string, string]>> = {
  ...Object.fromEntries(
    (
      'Add Atan2 Equal FloorDiv Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr Maximum Minimum Mod Multiply ' +
      'NotEqual Pow RealDiv SquaredDifference Sub'
    )
      .split(' ')
      .map((kernelName) => [kernelName, ['a', 'b'] as const]),
  ),
  Prelu: ['x', 'alpha'],
  EluGrad: ['dy', 'y'],
};

/**
 * A kernel of two tensors, of more than four axes. Where one of them is a short vector the stock shader of WebGPU reads
 * `coords[4]` of a struct and does not compile; the command is dropped and the result is whatever its buffer held.
 */
export function mergingBroadcast(kernelName: string, original: KernelFunction): KernelFunction {
  const [first, second] = BROADCASTING[kernelName]!;
  return (args) => {
    const { [first]: a, [second]: b } = args.inputs as tf.NamedTensorMap as Record<string, tf.Tensor>;
    const isLow = Math.max(a!.shape.length, b!.shape.length) <= SHADER_RANK;
    if (isLow || a!.dtype === 'complex64') return original(args);
    const merged = mergedShapes(a!.shape, b!.shape);
    // Axes that take turns stay five or six: with vectors of one axis out of the way the stock shader is right.
    if (tf.util.arraysEqual(merged.a, a!.shape) && tf.util.arraysEqual(merged.b, b!.shape)) return original(args);
    return tf.tidy(() => {
      const inputs = { [first]: tf.reshape(a!, merged.a), [second]: tf.reshape(b!, merged.b) };
      const result = runKernel(kernelName, inputs, args.attrs);
      return tf.reshape(result, tf.backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape));
    });
  };
}

/** A choice of entries of more than four axes, as one long vector: the stock shaders throw. */
export function flatSelect(original: KernelFunction): KernelFunction {
  return (args) => {
    const { condition, t, e } = args.inputs as unknown as Record<'condition' | 't' | 'e', tf.Tensor>;
    if (t.shape.length <= SHADER_RANK || !tf.util.arraysEqual(condition.shape, t.shape)) return original(args);
    return tf.tidy(() => {
      const flat = { condition: tf.reshape(condition, [-1]), t: tf.reshape(t, [-1]), e: tf.reshape(e, [-1]) };
      return tf.reshape(runKernel('Select', flat), t.shape);
    });
  };
}
