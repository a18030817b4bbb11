import * as tf from '@tensorflow/tfjs';
import { placesOf, type Strides } from '../../gradients/strided-slice.js';
import type { KernelFunction } from '../../registry/registry.js';
import { runKernel, SHADER_RANK } from './merged-axes.js';

type Shape = readonly number[];
/** What a kernel does along one axis, said of the middle one of three. */
interface Step {
  readonly axis: number;
  readonly attrs: object;
}
type Pair = readonly [number, number];

const NO_MASKS = { beginMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };

const paddingSteps = ({ paddings, ...rest }: { paddings: readonly Pair[] }): Step[] =>
  paddings.flatMap(([before, after], axis) => {
    const own = [[0, 0], [before, after], [0, 0]]; // prettier-ignore
    return before === 0 && after === 0 ? [] : [{ axis, attrs: { ...rest, paddings: own } }];
  });

const scanSteps = ({ axis, ...rest }: { axis: number }, shape: Shape): Step[] => [
  { axis: tf.util.parseAxisParam(axis, [...shape])[0]!, attrs: { ...rest, axis: 1 } },
];

/** Steps of a slice: the entries `begin`, `begin + stride`, …, of which the shape says how many. */
function stridedSteps(attrs: Strides, shape: Shape): Step[] {
  const { begin, strides, taken } = placesOf([...shape], attrs);
  return shape.flatMap((size, axis) => {
    const [first, stride, count] = [begin[axis]!, strides[axis]!, taken[axis]!];
    if (count === size && stride === 1) return [];
    const end = first + count * stride;
    // An end before the first entry would be read as counted from the back; the mask says: as far as there is.
    const own = { begin: [0, first, 0], end: [0, Math.max(end, 0), 0], strides: [1, stride, 1] };
    return [{ axis, attrs: { ...own, ...NO_MASKS, beginMask: 0b101, endMask: 0b101 | (end < 0 ? 0b010 : 0) } }];
  });
}

/** What these kernels do along each axis, one after the other. */
const STEPS = {
  PadV2: paddingSteps,
  MirrorPad: paddingSteps,
  Cumsum: scanSteps,
  Cumprod: scanSteps,
  Reverse: ({ dims }: { dims: number[] }, shape: Shape): Step[] =>
    tf.util.parseAxisParam(dims, [...shape]).map((axis) => ({ axis, attrs: { dims: [1] } })),
  Tile: ({ reps }: { reps: readonly number[] }): Step[] =>
    reps.flatMap((times, axis) => (times === 1 ? [] : [{ axis, attrs: { reps: [1, times, 1] } }])),
  StridedSlice: stridedSteps,
} as const;

const product = (sizes: Shape): number => tf.util.sizeFromShape([...sizes]);

/**
 * A kernel that treats every axis by itself, of more than four axes: the axes before the treated one are one axis, and
 * so are those behind it. The stock shaders throw there, read synchronously, or do not compile, which WebGPU does not
 * say: the command is dropped and the result is whatever its buffer held.
 */
export function axisByAxis(kernelName: keyof typeof STEPS, original: KernelFunction): KernelFunction {
  const stepsOf = STEPS[kernelName] as (attrs: unknown, shape: Shape) => Step[];
  return (args) => {
    const { x } = args.inputs as unknown as { x: tf.Tensor };
    if (x.shape.length <= SHADER_RANK) return original(args);
    const shape = [...x.shape];
    return tf.tidy(() => {
      let result: tf.Tensor = x;
      for (const { axis, attrs } of stepsOf(args.attrs, x.shape)) {
        const around = [product(shape.slice(0, axis)), shape[axis]!, product(shape.slice(axis + 1))];
        result = runKernel(kernelName, { x: tf.reshape(result, around) }, attrs);
        shape[axis] = result.shape[1]!;
      }
      const drops = kernelName === 'StridedSlice';
      return tf.reshape(result, drops ? placesOf(x.shape, args.attrs as unknown as Strides).finalShape : shape);
    });
  };
}
