import * as tf from '@tensorflow/tfjs';
import { eachWindow, pool3dInfo, type Pool3dAttributes } from '../pooling-windows-3d.js';
import type { KernelFunction } from '../../registry/registry.js';

/** The part of tfjs-node's backend that gives values at once. */
interface Readable {
  readSync(dataId: object): Float32Array;
}

/**
 * Gradient of 3-D max pooling on native TensorFlow, computed here: every window hands its gradient to its first largest
 * voxel. TensorFlow's own kernel gives the whole gradient to each of equal voxels (its 2-D kernel does not), so that
 * padded or constant regions count several times over.
 */
export const firstMaximum3dGradient: KernelFunction = ({ inputs, attrs, backend }) => {
  const { dy, input } = inputs as unknown as { readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo };
  const read = ({ dataId }: tf.TensorInfo): Float32Array => (backend as unknown as Readable).readSync(dataId);
  const gradient = read(dy);
  const target = new Float32Array(tf.util.sizeFromShape(input.shape));
  eachWindow(read(input), pool3dInfo(input.shape, attrs as unknown as Pool3dAttributes), (output, largest) => {
    target[largest]! += gradient[output]!;
  });
  return tf.tensor(target, input.shape, 'float32');
};
