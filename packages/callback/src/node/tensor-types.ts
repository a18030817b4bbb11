import { VogError } from '@vogjs/core';
import type { SafetensorsType } from '@vogjs/formats';
import type * as tf from '@tensorflow/tfjs';

const TYPES: Readonly<Record<string, SafetensorsType>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' };

/**
 * What safetensors calls the type of a tensor.
 *
 * @throws VogError ARGUMENT_INVALID for texts and complex numbers
 */
export function typeOf(name: string, { dtype }: tf.Tensor): SafetensorsType {
  const type = TYPES[dtype];
  if (type !== undefined) return type;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name} is of type ${dtype}, which cannot be saved: only float32, int32 and bool.`,
  );
}
