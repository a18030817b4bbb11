export { allocate, bytesOf, elementTypeOf, type ElementType, type TypedArray } from './arrays.js';
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
  text,
} from './checks.js';
export { requireBytes } from './bytes.js';
export { checksumOf, checksumOfHashes, DataHash, type HashedTensor } from './checksum.js';
export { VogError, type ErrorCode, type ErrorOrigin } from './errors.js';
export { hashIntegers, hashStrings } from './hash.js';
export { excerpt } from './excerpt.js';
export { parseJson } from './json.js';
export { shown } from './shown.js';
export { refuseUnknownKeys } from './options.js';
export { readNpy, writeNpy, type NpyArray, type NpyInput } from './npy.js';
export { seededRandom, type SeededRandom } from './random.js';
export {
  readSafetensors,
  writeSafetensors,
  type Safetensors,
  type SafetensorsInput,
  type SafetensorsTensor,
} from './safetensors.js';
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
} from './safetensors-header.js';
