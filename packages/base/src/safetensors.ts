import {
  assertBooleans,
  assertFills,
  bytesOf,
  bytesPerElement,
  elementCount,
  elementTypeOf,
  viewOrCopy,
  type ElementType,
  type TypedArray,
} from './arrays.js';
import { requireBytes, shown } from './bytes.js';
import { VogError, type ErrorOrigin } from './errors.js';
import { parseJson } from './json.js';

/** The types of tensors that are read and written, by their names in the format. */
export type SafetensorsType = 'BOOL' | 'U8' | 'I8' | 'U16' | 'I16' | 'U32' | 'I32' | 'U64' | 'I64' | 'F32' | 'F64';

/** A tensor of a safetensors file. `data` is in C order (last axis fastest). */
export interface SafetensorsTensor {
  readonly dtype: SafetensorsType;
  readonly shape: number[];
  readonly data: TypedArray;
}

/** What `writeSafetensors` takes. `dtype` follows from the data, but for a `Uint8Array` that holds booleans. */
export interface SafetensorsInput {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly dtype?: SafetensorsType;
}

/** A file as read: its tensors by name, in the order of its header, and its free text by key. */
export interface Safetensors {
  readonly tensors: Record<string, SafetensorsTensor>;
  readonly metadata: Record<string, string>;
}

const ELEMENT_TYPES: Readonly<Record<SafetensorsType, ElementType>> = {
  BOOL: 'bool',
  U8: 'uint8',
  I8: 'int8',
  U16: 'uint16',
  I16: 'int16',
  U32: 'uint32',
  I32: 'int32',
  U64: 'uint64',
  I64: 'int64',
  F32: 'float32',
  F64: 'float64',
};
const NAMES = new Map(Object.entries(ELEMENT_TYPES).map(([name, type]) => [type, name as SafetensorsType]));

const METADATA = '__metadata__';
const LENGTH_BYTES = 8;
const LONGEST_HEADER = 100_000_000; // the limit of the reference reader

/**
 * Writes named tensors and free text as one safetensors file, which Python's `safetensors` reads.
 *
 * Tensors of wide elements come first, so that each starts at an address aligned for its type and can be read as a
 * view. Throws `INPUT_SHAPE` when a shape and its data disagree, `ARGUMENT_INVALID` for what the format cannot hold.
 *
 * Source: the format's specification, github.com/huggingface/safetensors.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, SafetensorsInput>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).map(([name, tensor]) => ({ name, ...checkTensor(name, tensor) }));
  entries.sort((a, b) => b.width - a.width || (a.name < b.name ? -1 : 1));
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw new VogError('ARGUMENT_INVALID', `metadata.${key} is a ${typeof value}; the format holds strings only.`);
    }
  }

  let end = 0;
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  for (const { name, dtype, shape, data } of entries) {
    header.push([name, { dtype, shape, data_offsets: [end, (end += data.byteLength)] }]);
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  file.set(text, LENGTH_BYTES);
  let start = LENGTH_BYTES + headerLength;
  for (const { data } of entries) {
    file.set(bytesOf(data), start);
    start += data.byteLength;
  }
  return file;
}

/**
 * Reads a safetensors file. The data of a tensor is a view over `bytes` where its address is aligned, a copy where it
 * is not.
 *
 * Throws `FORMAT_INVALID` (not safetensors, a damaged header, tensors that overlap or leave holes, bytes after the
 * last), `FORMAT_TRUNCATED`, and `FORMAT_UNSUPPORTED` (F16, BF16 and smaller floats). The format has no checksum:
 * damage inside the numbers goes unnoticed.
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  const bytes = requireBytes('readSafetensors', file);
  const { header, dataStart } = readHeader(bytes);
  const entries: { name: string; dtype: SafetensorsType; shape: number[]; begin: number; end: number }[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) metadata = checkMetadata(value);
    else entries.push({ name, ...checkEntry(name, value) });
  }

  // The reference reader refuses overlaps and holes: nothing may hide between tensors.
  let covered = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      throw new VogError(
        'FORMAT_INVALID',
        `Tensor ${shown(name)} starts at byte ${begin} of the data, expected ${covered}: tensors ` +
          `${begin < covered ? 'overlap' : 'leave a hole'}. The file is damaged: write or download it again.`,
      );
    }
    covered = end;
  }
  if (dataStart + covered > bytes.length) {
    throw new VogError(
      'FORMAT_TRUNCATED',
      `The safetensors file ends at byte ${bytes.length}, but its tensors end at byte ${dataStart + covered}. ` +
        'The file was cut short: write or download it again.',
    );
  }
  if (dataStart + covered < bytes.length) {
    throw new VogError(
      'FORMAT_INVALID',
      `The safetensors file has ${bytes.length - dataStart - covered} bytes after its last tensor, which ends at byte ` +
        `${dataStart + covered}. Expected none: the file is damaged, write or download it again.`,
    );
  }
  const tensors = entries.map(({ name, dtype, shape, begin }): [string, SafetensorsTensor] => [
    name,
    { dtype, shape, data: viewOrCopy(ELEMENT_TYPES[dtype], bytes, dataStart + begin, elementCount(shape)) },
  ]);
  return { tensors: Object.fromEntries(tensors), metadata };
}

function checkTensor(name: string, { data, shape, dtype }: SafetensorsInput) {
  if (name === METADATA) {
    throw new VogError('ARGUMENT_INVALID', `A tensor cannot be named ${METADATA}: the format keeps its text there.`);
  }
  const own = NAMES.get(elementTypeOf(data))!;
  if (dtype === 'BOOL') assertBooleans(data, `writeSafetensors, tensor ${JSON.stringify(name)}`);
  else if (dtype !== undefined && dtype !== own) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `Tensor ${JSON.stringify(name)} holds ${own} data but is declared ${dtype}. Convert the data, or leave dtype out.`,
    );
  }
  assertFills(shape, data, `writeSafetensors, tensor ${JSON.stringify(name)}`);
  return { dtype: dtype ?? own, shape, data, width: data.BYTES_PER_ELEMENT };
}

function readHeader(bytes: Uint8Array): { header: object; dataStart: number } {
  const truncated = (end: number): VogError =>
    new VogError(
      'FORMAT_TRUNCATED',
      `The safetensors file ends at byte ${bytes.length}, inside its header (up to byte ${end}). ` +
        'The file was cut short: write or download it again.',
    );
  if (bytes.length < LENGTH_BYTES) throw truncated(LENGTH_BYTES);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + length;
  const invalid = (reason: string, origin: ErrorOrigin = {}): VogError =>
    new VogError('FORMAT_INVALID', `Not a safetensors file, or a damaged one: ${reason}.`, origin);
  if (length > LONGEST_HEADER) {
    throw invalid(`bytes 0 to 7 give a header of ${length} bytes, expected at most ${LONGEST_HEADER}`);
  }
  if (bytes.length > LENGTH_BYTES && bytes[LENGTH_BYTES] !== 0x7b) {
    throw invalid(`byte ${LENGTH_BYTES} is ${bytes[LENGTH_BYTES]}, expected 123, the "{" that starts the header`);
  }
  if (dataStart > bytes.length) throw truncated(dataStart);
  let header: unknown;
  try {
    // A copy: decoders take no shared memory.
    header = parseJson(
      new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes.subarray(LENGTH_BYTES, dataStart))),
    );
  } catch (error) {
    throw invalid(`the header, bytes ${LENGTH_BYTES} to ${dataStart - 1}, is not JSON in UTF-8`, { cause: error });
  }
  return { header: header as object, dataStart }; // it starts with "{" and parses: an object
}

function checkMetadata(value: unknown): Record<string, string> {
  const valid = isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
  if (!valid) {
    throw new VogError('FORMAT_INVALID', `The ${METADATA} of the safetensors file must map names to strings only.`);
  }
  return value as Record<string, string>;
}

function checkEntry(
  name: string,
  value: unknown,
): { dtype: SafetensorsType; shape: number[]; begin: number; end: number } {
  const invalid = (reason: string): VogError =>
    new VogError(
      'FORMAT_INVALID',
      `Tensor ${shown(name)} of the safetensors file ${reason}. The file is damaged: write or download it again.`,
    );
  if (!isRecord(value)) throw invalid('is not described by an object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw invalid('has no dtype');
  if (!isCounts(shape)) throw invalid(`has the shape ${shown(shape)}, expected whole numbers >= 0`);
  const [begin, end] = isCounts(offsets) ? offsets : [];
  if (begin === undefined || end === undefined || (offsets as number[]).length !== 2 || begin > end) {
    throw invalid(`has data_offsets ${shown(offsets)}, expected [begin, end] with begin <= end`);
  }
  if (!Object.hasOwn(ELEMENT_TYPES, dtype)) {
    throw new VogError(
      'FORMAT_UNSUPPORTED',
      `Tensor ${shown(name)} has dtype ${shown(dtype)}; expected one of ` +
        `${Object.keys(ELEMENT_TYPES).join(', ')}. Convert it before saving, for example tensor.float() in PyTorch.`,
    );
  }
  const type = dtype as SafetensorsType;
  const needed = elementCount(shape, 'FORMAT_INVALID') * bytesPerElement(ELEMENT_TYPES[type]);
  if (end - begin !== needed) {
    throw invalid(`is ${type} ${shown(shape)}, which takes ${needed} bytes, but spans ${end - begin}`);
  }
  return { dtype: type, shape, begin, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}
