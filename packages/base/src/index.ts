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
export { decimalText, shortestDecimal } from './decimal.js';
export type { BaseErrorCode, ErrorCode, ErrorCodes, OwnErrorCode } from './error-codes.js';
export { hasOwnCode, located, VogError, type ErrorOrigin, type PluginKind, type PluginName } from './errors.js';
export { hashIntegers, hashStrings, IntegerHash } from './hash.js';
export type { ShapedArray } from './shaped-array.js';
export { excerpt } from './excerpt.js';
export { isRecord, parseJson } from './json.js';
export { editDistance, nearestName } from './nearest.js';
export { shown } from './shown.js';
export { refuseUnknownKeys } from './options.js';
export { seededRandom, type SeededRandom } from './random.js';
export {
  encodeLabels,
  type EncodedLabels,
  encodeWords,
  kindOfLabels,
  type LabelValue,
} from './labels/encode-labels.js';
