export type { ElementType, TypedArray } from './arrays.js';
export {
  anything,
  arrayLike,
  between,
  callable,
  type Check,
  checkArgument,
  checkOf,
  checkOptions,
  either,
  finite,
  flag,
  integer,
  list,
  listOf,
  numbers,
  oneOf,
  positive,
  record,
  share,
  shown,
  text,
} from './checks.js';
export { checksumOf } from './checksum.js';
export { VogError, type ErrorCode, type ErrorOrigin } from './errors.js';
export { hashIntegers, hashStrings } from './hash.js';
export { excerpt } from './excerpt.js';
export { refuseUnknownKeys } from './options.js';
export { readNpy, writeNpy, type NpyArray, type NpyInput } from './npy.js';
export { seededRandom, type SeededRandom } from './random.js';
export {
  readSafetensors,
  writeSafetensors,
  type Safetensors,
  type SafetensorsInput,
  type SafetensorsTensor,
  type SafetensorsType,
} from './safetensors.js';
