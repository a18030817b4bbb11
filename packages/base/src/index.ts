export type { ElementType, TypedArray } from './arrays.js';
export { requireBytes, shown } from './bytes.js';
export { checksumOf } from './checksum.js';
export { VogError, type ErrorCode, type ErrorOrigin } from './errors.js';
export { hashIntegers, hashStrings } from './hash.js';
export { parseJson } from './json.js';
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
