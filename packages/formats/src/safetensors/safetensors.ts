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
  checkArgument('writeSafetensors', 'tensors', tensors, record);
  checkArgument('writeSafetensors', 'metadata', metadata, record);
  const checked = new Map(Object.entries(tensors).map(([name, tensor]) => [name, checkTensor(name, tensor)]));
  const { head, entries, byteLength } = layOutSafetensors(
    [...checked].map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    metadata,
  );
  const file = new Uint8Array(byteLength);
  file.set(head);
  for (const { name, start } of entries) file.set(bytesOf(checked.get(name)!.data), start);
  return file;
}

/**
 * Reads a safetensors file. The data of a tensor is a view over `bytes` where its address is aligned, a copy where it
 * is not. `bytes` may be a Node `Buffer`, at any address.
 *
 * Throws `FORMAT_INVALID` (not safetensors, a damaged header, tensors that overlap or leave holes, bytes after the
 * last), `FORMAT_TRUNCATED`, and `FORMAT_UNSUPPORTED` (F16, BF16 and smaller floats). The format has no checksum:
 * damage inside the numbers goes unnoticed.
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  const bytes = requireBytes('readSafetensors', file);
  const headLength = safetensorsHeadLength(bytes.subarray(0, LENGTH_BYTES + 1), bytes.length);
  const { entries, metadata } = readSafetensorsHeader(bytes.subarray(0, headLength), bytes.length);
  const tensors = entries.map(({ name, dtype, shape, start }): [string, SafetensorsTensor] => [
    name,
    { dtype, shape: [...shape], data: viewOrCopy(ELEMENT_TYPES[dtype], bytes, start, elementCount(shape)) },
  ]);
  return { tensors: Object.fromEntries(tensors), metadata };
}

function checkTensor(name: string, { data, shape, dtype }: SafetensorsInput) {
  if (name === METADATA) {
    throw new VogError('ARGUMENT_INVALID', `A tensor cannot be named ${METADATA}: the format keeps its text there.`);
  }
  const own = TYPE_NAMES.get(elementTypeOf(data))!;
  if (dtype === 'BOOL') assertBooleans(data, `writeSafetensors, tensor ${JSON.stringify(name)}`);
  else if (dtype !== undefined && dtype !== own) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `Tensor ${JSON.stringify(name)} holds ${own} data but is declared ${dtype}. Convert the data, or leave dtype out.`,
    );
  }
  assertFills(shape, data, `writeSafetensors, tensor ${JSON.stringify(name)}`);
  return { dtype: dtype ?? own, shape, data };
}
