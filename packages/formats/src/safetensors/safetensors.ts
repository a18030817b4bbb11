import { checkArgument, record, requireBytes, VogError } from '@vogjs/base';
import {
  assertBooleans,
  assertFills,
  bytesOf,
  elementCount,
  elementTypeOf,
  viewOrCopy,
  type TypedArray,
} from '../bytes/arrays.js';
import { type HalfType, isHalf, narrowToHalves, widenHalves } from './half.js';
import {
  ELEMENT_TYPES,
  layOutSafetensors,
  LENGTH_BYTES,
  METADATA,
  readSafetensorsHeader,
  safetensorsHeadLength,
  type SafetensorsType,
  TYPE_NAMES,
} from './safetensors-header.js';

/** A tensor of a safetensors file. `data` is in C order (last axis fastest); that of F16 and BF16 is a Float32Array. */
export interface SafetensorsTensor {
  readonly dtype: SafetensorsType | HalfType;
  readonly shape: number[];
  readonly data: TypedArray;
}

/**
 * What `writeSafetensors` takes. `dtype` follows from the data, but for a `Uint8Array` that holds booleans, and for a
 * `Float32Array` that is to be rounded to F16 or BF16.
 */
export interface SafetensorsInput {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly dtype?: SafetensorsType | HalfType;
}

/** A file as read: its tensors by name, in the order of its header, and its free text by key. */
export interface Safetensors {
  readonly tensors: Record<string, SafetensorsTensor>;
  readonly metadata: Record<string, string>;
}

/**
 * Writes named tensors and free text as one safetensors file, which Python's `safetensors` reads.
 *
 * Tensors of wide elements come first, so that each starts at an address aligned for its type and can be read as a
 * view. Of 16-bit floats the nearest is written. Throws `INPUT_SHAPE` when a shape and its data disagree, `ARGUMENT_INVALID` for what the format cannot hold.
 *
 * Source: the format's specification, github.com/huggingface/safetensors.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, SafetensorsInput>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  checkArgument('writeSafetensors', 'tensors', tensors, record);
  checkArgument('writeSafetensors', 'metadata', metadata, record);
  const checked = new Map(Object.entries(tensors).map(([name, tensor]) => [name, checkTensor(name, tensor)]));
  const { head, entries, byteLength } = layOutSafetensors(
    [...checked].map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    metadata,
  );
  const file = new Uint8Array(byteLength);
  file.set(head);
  for (const { name, dtype, start } of entries) {
    const { data } = checked.get(name)!;
    file.set(isHalf(dtype) ? narrowToHalves(dtype, data as Float32Array) : bytesOf(data), start);
  }
  return file;
}

/**
 * Reads a safetensors file. The data of a tensor is a view over `bytes` where its address is aligned, a copy where it
 * is not. `bytes` may be a Node `Buffer`, at any address. F16 and BF16 are read as 32-bit floats, which are exactly
 * equal, and keep their `dtype`.
 *
 * Throws `FORMAT_INVALID` (not safetensors, a damaged header, tensors that overlap or leave holes, bytes after the
 * last), `FORMAT_TRUNCATED`, and `FORMAT_UNSUPPORTED` (floats of 8 bits and less). The format has no checksum:
 * damage inside the numbers goes unnoticed.
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  const bytes = requireBytes('readSafetensors', file);
  const headLength = safetensorsHeadLength(bytes.subarray(0, LENGTH_BYTES + 1), bytes.length);
  const { entries, metadata } = readSafetensorsHeader(bytes.subarray(0, headLength), bytes.length, { halves: true });
  const tensors = entries.map(({ name, dtype, shape, start }): [string, SafetensorsTensor] => {
    const count = elementCount(shape);
    const data = isHalf(dtype)
      ? widenHalves(dtype, bytes.subarray(start), count)
      : viewOrCopy(ELEMENT_TYPES[dtype], bytes, start, count);
    return [name, { dtype, shape: [...shape], data }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

function checkTensor(name: string, { data, shape, dtype }: SafetensorsInput) {
  if (name === METADATA) {
    throw new VogError('ARGUMENT_INVALID', `A tensor cannot be named ${METADATA}: the format keeps its text there.`);
  }
  const own = TYPE_NAMES.get(elementTypeOf(data))!;
  if (dtype === 'BOOL') assertBooleans(data, `writeSafetensors, tensor ${JSON.stringify(name)}`);
  else if (dtype !== undefined && dtype !== own && !(isHalf(dtype) && own === 'F32')) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `Tensor ${JSON.stringify(name)} holds ${own} data but is declared ${dtype}. Convert the data, or leave dtype out.`,
    );
  }
  assertFills(shape, data, `writeSafetensors, tensor ${JSON.stringify(name)}`);
  return { dtype: dtype ?? own, shape, data };
}
