import { bytesPerElement, elementCount, type ElementType } from '../bytes/arrays.js';
import { HALF_BYTES, HALF_TYPES, type HalfType, isHalf } from './half.js';
import { type ErrorOrigin, isRecord, parseJson, shown, VogError } from '@vogjs/base';

/** The types of tensors that are read and written, by their names in the format. */
export type SafetensorsType = 'BOOL' | 'U8' | 'I8' | 'U16' | 'I16' | 'U32' | 'I32' | 'U64' | 'I64' | 'F32' | 'F64';

/** What a header says of a tensor, and what a header is made of. */
export interface SafetensorsEntry<Type = SafetensorsType> {
  readonly name: string;
  readonly dtype: Type;
  readonly shape: readonly number[];
}

/** A tensor in its place. */
export interface PlacedEntry<Type = SafetensorsType> extends SafetensorsEntry<Type> {
  /** Its first byte in the file. */
  readonly start: number;
  readonly byteLength: number;
}

/** Where everything is in a file that will be written. */
export interface SafetensorsLayout<Type = SafetensorsType> {
  /** The bytes before the first tensor. Free text of the same length gives a head of the same length. */
  readonly head: Uint8Array;
  /** In the order of the file: each starts where the one before it ends. */
  readonly entries: readonly PlacedEntry<Type>[];
  readonly byteLength: number;
}

/** A header as read. */
export interface SafetensorsHeader<Type = SafetensorsType> {
  /** In the order of the header, which need not be that of the file. */
  readonly entries: readonly PlacedEntry<Type>[];
  readonly metadata: Record<string, string>;
}

export const ELEMENT_TYPES: Readonly<Record<SafetensorsType, ElementType>> = {
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
export const TYPE_NAMES = new Map(Object.entries(ELEMENT_TYPES).map(([name, type]) => [type, name as SafetensorsType]));

export const METADATA = '__metadata__';
/** Bytes that give the length of the header. */
export const LENGTH_BYTES = 8;
const LONGEST_HEADER = 100_000_000; // the limit of the reference reader

/**
 * Lays tensors out: those of wide elements first, so that each starts at an address aligned for its type and can be
 * read as a view. Offsets are exact up to 2 ** 53, far above the 4 GiB where 32 bits end.
 *
 * @throws VogError ARGUMENT_INVALID for metadata that is no text
 */
export function layOutSafetensors<Type extends SafetensorsType | HalfType>(
  tensors: readonly SafetensorsEntry<Type>[],
  metadata: Readonly<Record<string, string>>,
): SafetensorsLayout<Type> {
  const sorted = tensors.toSorted((a, b) => widthOf(b.dtype) - widthOf(a.dtype) || (a.name < b.name ? -1 : 1));
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw new VogError('ARGUMENT_INVALID', `metadata.${key} is a ${typeof value}; the format holds strings only.`);
    }
  }
  let end = 0;
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  const places = sorted.map(({ name, dtype, shape }) => {
    const begin = end;
    end += elementCount(shape) * widthOf(dtype);
    header.push([name, { dtype, shape, data_offsets: [begin, end] }]);
    return { name, dtype, shape, begin, byteLength: end - begin };
  });
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const head = new Uint8Array(LENGTH_BYTES + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - LENGTH_BYTES), true);
  head.set(text, LENGTH_BYTES);
  return {
    head,
    entries: places.map(({ begin, ...entry }) => ({ ...entry, start: head.length + begin })),
    byteLength: head.length + end,
  };
}

/**
 * Length of the bytes before the first tensor, from the first bytes of a file.
 *
 * @param first the first 9 bytes, or as many as there are
 * @param fileLength of the whole file
 * @throws VogError FORMAT_TRUNCATED, FORMAT_INVALID
 */
export function safetensorsHeadLength(first: Uint8Array, fileLength: number): number {
  if (fileLength < LENGTH_BYTES) throw cutInHeader(fileLength, LENGTH_BYTES);
  const length = Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true));
  if (first[LENGTH_BYTES] !== 0x7b && isPickle(first)) {
    throw new VogError(
      'FORMAT_INVALID',
      'This is a pickle, as torch.save writes it, and no safetensors file, whatever its name says. A pickle is a program ' +
        'and is not run. In Python: safetensors.torch.save_file(torch.load(path), new_path), of a plain state_dict.',
    );
  }
  if (length > LONGEST_HEADER) {
    throw noSafetensors(`bytes 0 to 7 give a header of ${length} bytes, expected at most ${LONGEST_HEADER}`);
  }
  if (fileLength > LENGTH_BYTES && first[LENGTH_BYTES] !== 0x7b) {
    throw noSafetensors(`byte ${LENGTH_BYTES} is ${first[LENGTH_BYTES]}, expected 123, the "{" that starts the header`);
  }
  if (LENGTH_BYTES + length > fileLength) throw cutInHeader(fileLength, LENGTH_BYTES + length);
  return LENGTH_BYTES + length;
}

/**
 * Reads the header of a safetensors file.
 *
 * @param head the bytes before the first tensor
 * @param fileLength of the whole file
 * @throws VogError FORMAT_INVALID, FORMAT_TRUNCATED, FORMAT_UNSUPPORTED
 */
export function readSafetensorsHeader(head: Uint8Array, fileLength: number): SafetensorsHeader;
/** With `halves`, 16-bit floats are let through as well: `widenHalves` reads their bytes. */
export function readSafetensorsHeader(
  head: Uint8Array,
  fileLength: number,
  options: { readonly halves: true },
): SafetensorsHeader<SafetensorsType | HalfType>;
export function readSafetensorsHeader(
  head: Uint8Array,
  fileLength: number,
  { halves }: { readonly halves: boolean } = { halves: false },
): SafetensorsHeader<SafetensorsType | HalfType> {
  let header: unknown;
  try {
    // A copy: no decoder of a browser takes shared memory.
    const text = new Uint8Array(head.subarray(LENGTH_BYTES));
    header = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (error) {
    throw noSafetensors(`the header, bytes ${LENGTH_BYTES} to ${head.length - 1}, is not JSON in UTF-8`, {
      cause: error,
    });
  }
  const read: (CheckedEntry & { readonly name: string })[] = [];
  let metadata: Record<string, string> = {};
  // It starts with "{" and parses: an object.
  for (const [name, value] of Object.entries(header as object)) {
    if (name === METADATA) metadata = checkMetadata(value);
    else read.push({ name, ...checkEntry(name, value, halves) });
  }

  // The reference reader refuses overlaps and holes: nothing may hide between tensors.
  let covered = 0;
  for (const { name, begin, end } of read.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      throw new VogError(
        'FORMAT_INVALID',
        `Tensor ${shown(name)} starts at byte ${begin} of the data, expected ${covered}: tensors ` +
          `${begin < covered ? 'overlap' : 'leave a hole'}. The file is damaged: write or download it again.`,
      );
    }
    covered = end;
  }
  const dataEnd = head.length + covered;
  if (dataEnd > fileLength) {
    throw new VogError(
      'FORMAT_TRUNCATED',
      `The safetensors file ends at byte ${fileLength}, but its tensors end at byte ${dataEnd}. ` +
        'The file was cut short: write or download it again.',
    );
  }
  if (dataEnd < fileLength) {
    throw new VogError(
      'FORMAT_INVALID',
      `The safetensors file has ${fileLength - dataEnd} bytes after its last tensor, which ends at byte ` +
        `${dataEnd}. Expected none: the file is damaged, write or download it again.`,
    );
  }
  const entries = read.map(({ begin, end, ...entry }) => ({
    ...entry,
    start: head.length + begin,
    byteLength: end - begin,
  }));
  return { entries, metadata };
}

function widthOf(dtype: SafetensorsType | HalfType): number {
  return isHalf(dtype) ? HALF_BYTES : bytesPerElement(ELEMENT_TYPES[dtype]);
}

/** How a zip archive begins, which torch.save writes since 1.6, and the pickle that it wrote before. */
function isPickle([a, b, c, d]: Uint8Array): boolean {
  return (a === 0x50 && b === 0x4b && c === 3 && d === 4) || (a === 0x80 && b === 2 && c === 0x8a);
}

function cutInHeader(fileLength: number, end: number): VogError {
  return new VogError(
    'FORMAT_TRUNCATED',
    `The safetensors file ends at byte ${fileLength}, inside its header (up to byte ${end}). ` +
      'The file was cut short: write or download it again.',
  );
}

function noSafetensors(reason: string, origin: ErrorOrigin = {}): VogError {
  return new VogError('FORMAT_INVALID', `Not a safetensors file, or a damaged one: ${reason}.`, origin);
}

function checkMetadata(value: unknown): Record<string, string> {
  const valid = isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
  if (!valid) {
    throw new VogError('FORMAT_INVALID', `The ${METADATA} of the safetensors file must map names to strings only.`);
  }
  return value as Record<string, string>;
}

interface CheckedEntry {
  readonly dtype: SafetensorsType | HalfType;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

function checkEntry(name: string, value: unknown, halves: boolean): CheckedEntry {
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
  if (!Object.hasOwn(ELEMENT_TYPES, dtype) && !(halves && isHalf(dtype))) {
    throw new VogError(
      'FORMAT_UNSUPPORTED',
      `Tensor ${shown(name)} has dtype ${shown(dtype)}; expected one of ` +
        `${[...Object.keys(ELEMENT_TYPES), ...(halves ? HALF_TYPES : [])].join(', ')}. Convert it before saving, for example tensor.float() in PyTorch.`,
    );
  }
  const type = dtype as SafetensorsType | HalfType;
  const needed = elementCount(shape, 'FORMAT_INVALID') * widthOf(type);
  if (end - begin !== needed) {
    throw invalid(`is ${type} ${shown(shape)}, which takes ${needed} bytes, but spans ${end - begin}`);
  }
  return { dtype: type, shape, begin, end };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}
