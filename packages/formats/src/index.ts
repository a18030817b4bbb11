export type { FormatsErrorCode } from './error-codes.js';
export { allocate, bytesOf, elementTypeOf, type ElementType, type TypedArray } from './bytes/arrays.js';
export { checksumOf, checksumOfHashes, DataHash, type HashedTensor } from './bytes/checksum.js';
export { readCifar, type CifarImages, type CifarOptions } from './cifar/cifar.js';
export { FASHION_MNIST_CLASSES } from './idx/fashion-mnist.js';
export { readIdx, type IdxArray, type IdxData } from './idx/idx.js';
export { gaussianNoise, type GaussianNoiseOptions, type NoiseImages } from './noise/gaussian-noise.js';
export { readNpy, writeNpy, type NpyArray, type NpyInput } from './npy/npy.js';
export { readNpz, writeNpz } from './npy/npz.js';
export {
  readSafetensors,
  writeSafetensors,
  type Safetensors,
  type SafetensorsInput,
  type SafetensorsTensor,
} from './safetensors/safetensors.js';
export { type HalfType, widenHalves } from './safetensors/half.js';
export {
  ELEMENT_TYPES as SAFETENSORS_TYPES,
  layOutSafetensors,
  LENGTH_BYTES as SAFETENSORS_LENGTH_BYTES,
  readSafetensorsHeader,
  safetensorsHeadLength,
  type PlacedEntry,
  type SafetensorsEntry,
  type SafetensorsHeader,
  type SafetensorsLayout,
  type SafetensorsType,
} from './safetensors/safetensors-header.js';
// Used beside readers, and offered with them as before.
export { seededRandom, type SeededRandom } from '@vogjs/base';
