import { logits, VogError } from '@vogjs/core';
import type { HostArray } from '../host-array.js';
import { featuresAt } from './features.js';
import { defineStatistic, type Statistic } from './statistic.js';

/** Features of some examples and the logits that the model made of them. */
export interface HeadSample {
  readonly features: Float32Array;
  readonly logits: Float32Array;
  readonly size: number;
  readonly layer: string | undefined;
}

/** Features and logits of the first chunk: enough to see whether the logits are the linear function they should be. */
export function headSample(layer?: string): Statistic<HeadSample> {
  return defineStatistic({
    name: 'headSample',
    parameters: layer === undefined ? {} : { layer },
    requires: { features: featuresAt(layer), logits },
    begin: () => {
      let sample: HeadSample | undefined;
      return {
        visit: (values) => (sample === undefined ? values : {}),
        receive: (values, { size }) => {
          sample ??= {
            features: values['features']!.data as Float32Array,
            logits: values['logits']!.data as Float32Array,
            size,
            layer,
          };
        },
        finish: () => sample!,
      };
    },
  });
}

/** What may lie between logits by the model, in float32, and by the head's weights. */
const TOLERANCE = 1e-3;

/**
 * Refuses features that the last linear layer does not turn into the logits.
 *
 * @throws VogError HEAD_NOT_LINEAR
 */
export function checkHead(
  where: string,
  sample: HeadSample,
  { kernel, bias }: { readonly kernel: HostArray; readonly bias: HostArray },
): void {
  const { features, logits: given, size, layer } = sample;
  const named = layer === undefined ? 'the penultimate features' : `layer '${layer}'`;
  const [width = 0, classes = 0] = kernel.shape;
  if (features.length !== size * width) {
    throw new VogError(
      'HEAD_NOT_LINEAR',
      `${where}: the last layer takes ${width} features, but ${named} gives ${features.length / size}. Leave layer out, or name the layer right before the last.`,
    );
  }
  let [worst, scale] = [0, 0];
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < classes; c++) {
      let sum = bias.data[c]!;
      for (let j = 0; j < width; j++) sum += features[i * width + j]! * kernel.data[j * classes + c]!;
      worst = Math.max(worst, Math.abs(sum - given[i * classes + c]!));
      scale = Math.max(scale, Math.abs(sum));
    }
  }
  if (worst <= TOLERANCE * scale) return;
  throw new VogError(
    'HEAD_NOT_LINEAR',
    `${where}: the logits are not a linear function, by the last layer's weights, of ${named}: they are ${worst.toPrecision(3)} off. Leave layer out, or name the layer right before the last.`,
  );
}
