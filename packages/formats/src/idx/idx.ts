import { requireBytes, VogError } from '@vogjs/base';
import { decompressGzip, isGzip } from '../bytes/gzip.js';

/** The arrays that an IDX file can hold. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** One IDX file: `data` in C order (last axis fastest), for images [N, H, W]. */
export interface IdxArray {
  readonly shape: number[];
  readonly data: IdxData;
  readonly dtype: 'uint8' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64';
}

interface ElementFormat {
  readonly dtype: IdxArray['dtype'];
  readonly width: number;
  readonly allocate: (count: number) => IdxData;
  readonly get: (view: DataView, offset: number) => number;
}

// The third byte of the file.
const FORMATS: Readonly<Record<number, ElementFormat>> = {
  0x08: { dtype: 'uint8', width: 1, allocate: (n) => new Uint8Array(n), get: (view, at) => view.getUint8(at) },
  0x09: { dtype: 'int8', width: 1, allocate: (n) => new Int8Array(n), get: (view, at) => view.getInt8(at) },
  0x0b: { dtype: 'int16', width: 2, allocate: (n) => new Int16Array(n), get: (view, at) => view.getInt16(at) },
  0x0c: { dtype: 'int32', width: 4, allocate: (n) => new Int32Array(n), get: (view, at) => view.getInt32(at) },
  0x0d: { dtype: 'float32', width: 4, allocate: (n) => new Float32Array(n), get: (view, at) => view.getFloat32(at) },
  0x0e: { dtype: 'float64', width: 8, allocate: (n) => new Float64Array(n), get: (view, at) => view.getFloat64(at) },
};

/**
 * Reads an IDX file, the format of MNIST and Fashion-MNIST, plain or gzipped. Bytes come back as they are: 0 to 255
 * for images, class indices for labels; the data of an uncompressed file of bytes is a view over `bytes`.
 *
 * ```ts
 * const images = await readIdx(await readFile('t10k-images-idx3-ubyte.gz'));
 * images.shape; // [10000, 28, 28]
 * ```
 *
 * A gzipped file is decompressed no further than its header says that the array goes.
 *
 * Throws `FORMAT_INVALID` (not IDX, an unknown element type, bytes after the array, damaged gzip) and
 * `FORMAT_TRUNCATED`, with the offset in the decompressed file; `ARGUMENT_INVALID` for what is no Uint8Array.
 *
 * Source: Y. LeCun, "The MNIST database of handwritten digits", file formats.
 */
export async function readIdx(bytes: Uint8Array): Promise<IdxArray> {
  const given = requireBytes('readIdx', bytes);
  const file = isGzip(given) ? await decompressGzip(given, promisedLength) : given;
  const header = readHeader(file);
  const { format, shape, count, dataStart, end } = header;
  if (end > file.length) throw truncated(file, end, `its header promises ${arrayText(header)}`);
  if (end < file.length) {
    throw new VogError(
      'FORMAT_INVALID',
      `The IDX file has ${file.length - end} bytes after its array of ${arrayText(header)}, which ends at byte ${end}. ` +
        'Expected none: download the file again.',
    );
  }
  return { shape, data: readElements(file, format, dataStart, count), dtype: format.dtype };
}

interface Header {
  readonly format: ElementFormat;
  readonly shape: number[];
  readonly count: number;
  /** Bytes from the start of the file to its array, and to the array's end. */
  readonly dataStart: number;
  readonly end: number;
}

/** Where the array ends, once the header is there; null before. Throws for what is no IDX file. */
function promisedLength(start: Uint8Array): number | null {
  const isWhole = start.length >= 4 && start.length >= dataStartOf(start);
  if (!isWhole) {
    if (start.length > 0) checkMagic(start);
    return null;
  }
  return readHeader(start).end;
}

function dataStartOf(file: Uint8Array): number {
  return 4 + 4 * file[3]!;
}

function readHeader(file: Uint8Array): Header {
  checkMagic(file);
  if (file.length < 4) throw truncated(file, 4, 'its header has at least 4 bytes');
  const format = FORMATS[file[2]!]!;
  const dataStart = dataStartOf(file);
  if (file.length < dataStart) throw truncated(file, dataStart, `its header has ${file[3]} dimensions`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const shape = Array.from({ length: file[3]! }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.includes(0) ? 0 : shape.reduce((product, dimension) => product * dimension, 1);
  return { format, shape, count, dataStart, end: dataStart + count * format.width };
}

function checkMagic(file: Uint8Array): void {
  const zero = file.subarray(0, 2).findIndex((byte) => byte !== 0);
  if (zero !== -1) {
    throw new VogError(
      'FORMAT_INVALID',
      `Not an IDX file: byte ${zero} is ${file[zero]}, expected 0. IDX starts with 0, 0, the element type and the ` +
        `number of dimensions.${isGzip(file) ? ' This one was gzipped twice: decompress it once.' : ''}`,
    );
  }
  if (file.length > 2 && FORMATS[file[2]!] === undefined) {
    throw new VogError(
      'FORMAT_INVALID',
      `Not an IDX file: byte 2, the element type, is ${file[2]}; expected 8, 9, 11, 12, 13 or 14.`,
    );
  }
}

function arrayText({ format, shape }: Header): string {
  return `${format.dtype} [${shape.join(', ')}]`;
}

function readElements(
  file: Uint8Array,
  { dtype, width, allocate, get }: ElementFormat,
  start: number,
  count: number,
): IdxData {
  if (dtype === 'uint8') return new Uint8Array(file.buffer, file.byteOffset + start, count);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const data = allocate(count);
  for (let index = 0; index < count; index++) data[index] = get(view, start + index * width);
  return data;
}

function truncated(file: Uint8Array, end: number, promise: string): VogError {
  return new VogError(
    'FORMAT_TRUNCATED',
    `The IDX file ends at byte ${file.length}, but ${promise}, up to byte ${end}. Download the file again.`,
  );
}
