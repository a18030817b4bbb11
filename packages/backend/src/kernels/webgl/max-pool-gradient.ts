import * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';

/** What tfjs-backend-webgl runs: it writes the samplers (`getX`) and the coordinates around `userCode`. */
interface Program {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly userCode: string;
}

/** The part of tfjs-backend-webgl's `MathBackendWebGL` that is used here. */
interface WebglBackend {
  runWebGLProgram(program: Program, inputs: tf.TensorInfo[], dtype: tf.DataType): tf.TensorInfo;
  disposeIntermediateTensorInfo(tensor: tf.TensorInfo): void;
}

interface Attributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Of each window, where in it the first of its largest pixels is, row by row. */
function firstMaxima(info: tf.backend_util.Conv2DInfo): Program {
  const { filterHeight, filterWidth, inHeight, inWidth, strideHeight, strideWidth, padInfo } = info;
  return {
    variableNames: ['x'],
    outputShape: info.outShape,
    userCode: `
      void main() {
        ivec4 coords = getOutputCoords();
        int top = coords.y * ${strideHeight} - ${padInfo.top};
        int left = coords.z * ${strideWidth} - ${padInfo.left};
        float largest = 0.0;
        int first = -1;
        for (int r = 0; r < ${filterHeight}; r++) {
          int row = top + r;
          if (row < 0 || row >= ${inHeight}) continue;
          for (int c = 0; c < ${filterWidth}; c++) {
            int column = left + c;
            if (column < 0 || column >= ${inWidth}) continue;
            float value = getX(coords.x, row, column, coords.w);
            if (first < 0 || value > largest) {
              largest = value;
              first = r * ${filterWidth} + c;
            }
          }
        }
        setOutput(float(first));
      }`,
  };
}

/** Of each pixel, the sum of the gradients of those windows whose first maximum it is. */
function handedBack(info: tf.backend_util.Conv2DInfo): Program {
  const { filterHeight, filterWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  return {
    variableNames: ['dy', 'first'],
    outputShape: info.inShape,
    userCode: `
      void main() {
        ivec4 coords = getOutputCoords();
        float sum = 0.0;
        for (int r = 0; r < ${filterHeight}; r++) {
          int top = coords.y + ${padInfo.top} - r;
          int i = top / ${strideHeight};
          if (top < 0 || i * ${strideHeight} != top || i >= ${outHeight}) continue;
          for (int c = 0; c < ${filterWidth}; c++) {
            int left = coords.z + ${padInfo.left} - c;
            int j = left / ${strideWidth};
            if (left < 0 || j * ${strideWidth} != left || j >= ${outWidth}) continue;
            int first = int(getFirst(coords.x, i, j, coords.w) + 0.5);
            if (first == r * ${filterWidth} + c) sum += getDy(coords.x, i, j, coords.w);
          }
        }
        setOutput(sum);
      }`,
  };
}

/**
 * Gradient of 2-D max pooling, [N, H, W, C]: every window hands its gradient to its first largest pixel, as TensorFlow
 * and the other backends do. The stock kernel takes the last: see `webgpu/max-pool-gradient.ts` for what that does to
 * images with a plain background.
 */
export function firstMaximumGradient(): KernelFunction {
  return (args) => {
    const { dy, input } = args.inputs as unknown as { dy: tf.TensorInfo; input: tf.TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = args.attrs as unknown as Attributes;
    const shape = input.shape as [number, number, number, number];
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const backend = args.backend as unknown as WebglBackend;
    const first = backend.runWebGLProgram(firstMaxima(info), [input], 'float32');
    try {
      return backend.runWebGLProgram(handedBack(info), [dy, first], input.dtype);
    } finally {
      backend.disposeIntermediateTensorInfo(first);
    }
  };
}
