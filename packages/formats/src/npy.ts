// NPY alone, and a vector's writer that carries nothing else: a page's first load has it for its scores.
export type { FormatsErrorCode } from './error-codes.js';
export { npyOfFloats } from './npy/npy-preamble.js';
export { readNpy, writeNpy, type NpyArray, type NpyInput } from './npy/npy.js';
