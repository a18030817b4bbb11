import { densenetBc, resnet18, wideResnet } from '@vogjs/example-models';
import { UsageError } from '@vogjs/example-shared';
import type * as tf from '@tensorflow/tfjs';
import type { RunSettings } from './options.js';

/** The network of a run, with its initial weights. */
export function buildModel({ model, depth, width, seed }: RunSettings): tf.LayersModel {
  switch (model) {
    case 'resnet-18': {
      // Four stages of blocks of two convolutions, a stem and a linear layer.
      const blocks = (depth - 2) / 8;
      if (!Number.isInteger(blocks))
        throw new UsageError(`--depth of a ResNet is 8 n + 2: 10, 18, 26, …; got ${depth}.`);
      return resnet18({ width, blocks, seed });
    }
    case 'wide-resnet':
      return wideResnet(depth, width, { seed });
    case 'densenet-bc':
      return densenetBc(depth, width, { seed });
  }
}

/** As the paper's table names it, with what differs from the published size. */
export function modelTitle({
  model,
  depth,
  width,
  title,
}: Pick<RunSettings, 'model' | 'depth' | 'width' | 'title'>): string {
  if (title !== undefined) return title;
  if (model === 'wide-resnet') return `W-RN-${depth}-${width}`;
  if (model === 'resnet-18') return `ResNet-${depth}${width === 64 ? '' : ` (width ${width})`}`;
  return depth === 100 && width === 12 ? 'DenseNet-BC' : `DenseNet-BC (L = ${depth}, k = ${width})`;
}
