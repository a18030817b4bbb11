import {
  allocate,
  assertBooleans,
  assertFills,
  bytesOf,
  bytesPerElement,
  copyBigEndian,
  elementCount,
  elementTypeOf,
  viewOrCopy,
  type ElementType,
  type TypedArray,
} from '../bytes/arrays.js';
import { requireBytes, shown, VogError, refuseUnknownKeys } from '@vogjs/base';
import { parseNpyHeader } from './npy-header.js';
import { MAGIC, npyFile } from './npy-preamble.js';

/** One array of an NPY file. `data` is in C order (last axis fastest); `dtype` is NumPy's name of its elements. */
export interface NpyArray {
  readonly shape: number[];
  readonly data: TypedArray;
  readonly dtype: ElementType;
}

/** What `writeNpy` takes. `dtype: 'bool'` writes a `Uint8Array` of 0 and 1 as booleans. */
export interface NpyInput {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly dtype?: 'bool';
}

// NumPy's type characters with their widths, as in "<f4": numpy.lib.format, "Format Version 1.0".
const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  b1: 'bool',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f4: 'float32',
  f8: 'float64',
};
const TYPE_CHARACTERS = Object.fromEntries(Object.entries(ELEMENT_TYPES).map(([code, type]) => [type, code]));

const LONGEST_HEADER = 2 ** 20; // NumPy itself reads 10,000 characters unless told that the file is trusted

/**
 * Reads an NPY file (format versions 1, 2 and 3), as `numpy.save` writes it.
 *
 * `data` is a view over `bytes` where alignment and byte order allow, a copy otherwise. Fortran-ordered arrays are
 * brought into C order, big-endian ones into this machine's order. Where `bytes` is a Node `Buffer`, know that a
 * small one shares its memory with others.
 *
 * Throws `FORMAT_INVALID` (not NPY, a damaged header, bytes after the array), `FORMAT_TRUNCATED`,
 * `FORMAT_UNSUPPORTED` (float16, complex, strings, objects, records, a newer version), and `ARGUMENT_INVALID` for what
 * is no Uint8Array.
 *
 * Source: NEP 1 and numpy.lib.format.
 */
export function readNpy(file: Uint8Array): NpyArray {
  const bytes = requireBytes('readNpy', file);
  const { headerStart, dataStart, version } = readPreamble(bytes);
  const { descr, fortranOrder, shape } = parseNpyHeader(
    headerText(bytes.subarray(headerStart, dataStart), version),
    headerStart,
  );
  const { type, bigEndian } = parseType(descr);

  const count = elementCount(shape, 'FORMAT_INVALID');
  const end = dataStart + count * bytesPerElement(type);
  if (end > bytes.length) {
    throw new VogError(
      'FORMAT_TRUNCATED',
      `The NPY file ends at byte ${bytes.length}, but its header promises ${type} ${shapeText(shape)} up to byte ` +
        `${end}. The file was cut short: write or download it again.`,
    );
  }
  if (end < bytes.length) {
    throw new VogError(
      'FORMAT_INVALID',
      `The NPY file has ${bytes.length - end} bytes after its array, which ends at byte ${end}. ` +
        'Expected one array a file: cut the bytes at the end of the first.',
    );
  }
  const stored = (bigEndian ? copyBigEndian : viewOrCopy)(type, bytes, dataStart, count);
  return {
    shape,
    data: fortranOrder && shape.length > 1 ? fromFortranOrder(stored, shape, type) : stored,
    dtype: type,
  };
}

/**
 * Writes one array as NPY, which `numpy.load` reads. Version 1, little-endian, C order, data at a multiple of 64.
 * Throws `INPUT_SHAPE` when `shape` and `data` disagree, `ARGUMENT_INVALID` for data that NPY cannot hold.
 */
export function writeNpy(input: NpyInput): Uint8Array {
  const { data, shape, dtype } = readInput(input);
  const type = dtype ?? elementTypeOf(data);
  assertFills(shape, data, 'writeNpy');
  if (type === 'bool') assertBooleans(data, 'writeNpy');

  const order = bytesPerElement(type) === 1 ? '|' : '<';
  const { file, dataStart } = npyFile(`${order}${TYPE_CHARACTERS[type]}`, shape, data.byteLength);
  file.set(bytesOf(data), dataStart);
  return file;
}

function readInput(input: unknown): NpyInput {
  if (typeof input !== 'object' || input === null || ArrayBuffer.isView(input) || Array.isArray(input)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `writeNpy: expected { data, shape }, got ${shown(input)}. For example writeNpy({ data: scores, shape: [scores.length] }).`,
    );
  }
  refuseUnknownKeys('writeNpy', input, ['data', 'shape', 'dtype']);
  const { dtype } = input as NpyInput;
  if (dtype === undefined || dtype === 'bool') return input as NpyInput;
  throw new VogError('ARGUMENT_INVALID', `writeNpy: dtype is ${shown(dtype)}; it is 'bool', or left out.`);
}

function headerText(header: Uint8Array, version: number): string {
  // A copy: decoders take no shared memory.
  return new TextDecoder(version < 3 ? 'latin1' : 'utf-8').decode(new Uint8Array(header));
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.slice(0, 16).join(', ')}${shape.length > 16 ? ', …' : ''}]`;
}

function readPreamble(bytes: Uint8Array): { headerStart: number; dataStart: number; version: number } {
  const wrong = MAGIC.findIndex((byte, at) => at < bytes.length && bytes[at] !== byte);
  if (wrong !== -1) {
    throw new VogError(
      'FORMAT_INVALID',
      `Not an NPY file: byte ${wrong} is ${bytes[wrong]}, expected ${MAGIC[wrong]}. An NPY file starts with ` +
        '\\x93NUMPY; decompress .npz and .npy.gz files first.',
    );
  }
  const version = bytes[6] ?? 1;
  if (version < 1 || version > 3 || (bytes[7] ?? 0) !== 0) {
    throw new VogError(
      'FORMAT_UNSUPPORTED',
      `NPY format version ${version}.${bytes[7]} is not known; expected 1.0, 2.0 or 3.0. Save the array with numpy.save.`,
    );
  }
  const headerStart = version === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const complete = bytes.length >= headerStart;
  const length = !complete ? 0 : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER) {
    throw new VogError(
      'FORMAT_INVALID',
      `The NPY header claims ${length} bytes, at most ${LONGEST_HEADER} are read. Save the array with numpy.save.`,
    );
  }
  if (!complete || headerStart + length > bytes.length) {
    throw new VogError(
      'FORMAT_TRUNCATED',
      `The NPY file ends at byte ${bytes.length}, inside its header (up to byte ${headerStart + length}). ` +
        'The file was cut short: write or download it again.',
    );
  }
  return { headerStart, dataStart: headerStart + length, version };
}

function parseType(descr: string): { type: ElementType; bigEndian: boolean } {
  const [order, code] = [descr.charAt(0), descr.slice(1)];
  const isKnown = '<>|='.includes(order) && Object.hasOwn(ELEMENT_TYPES, code);
  const type = isKnown ? ELEMENT_TYPES[code] : undefined;
  if (type === undefined || (order === '|' && bytesPerElement(type) > 1)) {
    throw new VogError(
      'FORMAT_UNSUPPORTED',
      `NPY elements of type ${shown(descr, 80)} are not read; expected bool, float32, float64 or an ` +
        "integer of 1 to 8 bytes. Convert in Python first: array.astype('float32').",
    );
  }
  return { type, bigEndian: order === '>' };
}

/** Copies an array whose first axis is the fastest into one whose last axis is. */
function fromFortranOrder(stored: TypedArray, dimensions: readonly number[], type: ElementType): TypedArray {
  // Dimensions of 1 move nothing, and thousands of them would be stepped over for every element.
  const shape = dimensions.filter((dimension) => dimension !== 1);
  const strides: number[] = [];
  let stride = 1;
  for (const dimension of shape) {
    strides.push(stride);
    stride *= dimension;
  }
  const result = allocate(type, stored.length);
  const position = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = stored[from] as never; // both arrays are of one type, which TypeScript cannot see
    // An odometer over the shape, last axis first, that moves `from` along.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = position[axis]! + 1;
      const step = strides[axis]!;
      if (next < shape[axis]!) {
        position[axis] = next;
        from += step;
        break;
      }
      from -= position[axis]! * step;
      position[axis] = 0;
    }
  }
  return result;
}
