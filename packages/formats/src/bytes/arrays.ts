import { shown, VogError, type ErrorCode } from '@vogjs/base';

// Element types carry NumPy's names. Node and every browser engine run on little-endian machines today, so the bytes
// of a typed array are written as they lie in memory.
const CONSTRUCTORS = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** The type of one element of an array, by its NumPy name. `bool` is one byte, 0 or 1, in a `Uint8Array`. */
export type ElementType = keyof typeof CONSTRUCTORS;

/** Every array that the file formats hold. 64-bit integers are `BigInt`s. */
export type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** Bytes that one element takes. */
export function bytesPerElement(type: ElementType): number {
  return CONSTRUCTORS[type].BYTES_PER_ELEMENT;
}

/** The name of the typed array that holds elements of a type, as its constructor gives it. */
export function typedArrayName(type: ElementType): string {
  return CONSTRUCTORS[type].name;
}

/** The element type of a typed array; a Node `Buffer` counts as `uint8`. Throws `ARGUMENT_INVALID` for others. */
export function elementTypeOf(data: TypedArray): ElementType {
  const tag: unknown = ArrayBuffer.isView(data) ? data[Symbol.toStringTag as keyof typeof data] : undefined;
  for (const [type, constructor] of Object.entries(CONSTRUCTORS)) {
    if (type !== 'bool' && constructor.name === tag) return type as ElementType;
  }
  throw new VogError(
    'ARGUMENT_INVALID',
    `The data is ${tag === undefined ? `of type ${typeof data}` : `a ${String(tag)}`}, which has no element type in ` +
      'these file formats. Pass a typed array: Float32Array, Int32Array, Uint8Array, BigInt64Array and their kin.',
  );
}

/** Number of elements of a shape: the product of its dimensions, 1 for `[]`. Throws `code` for an impossible shape. */
export function elementCount(shape: readonly number[], code: ErrorCode = 'INPUT_SHAPE'): number {
  if (!Array.isArray(shape)) {
    throw new VogError(code, `The shape is ${shown(shape)}; it must be a list of whole numbers >= 0, as [2, 3].`);
  }
  let count = 1;
  for (const dimension of shape as readonly number[]) {
    if (!Number.isSafeInteger(dimension) || dimension < 0) {
      throw new VogError(code, `The shape ${shown(shape)} must hold whole numbers >= 0.`);
    }
    count *= dimension;
  }
  // An intermediate product may pass through a huge number on its way to zero: only the result counts.
  if (shape.includes(0)) return 0;
  if (!Number.isSafeInteger(count)) {
    throw new VogError(code, `The shape ${shown(shape)} has more elements than any array can hold.`);
  }
  return count;
}

/** Throws `INPUT_SHAPE` unless `data` holds exactly the elements of `shape`. `name` starts the message. */
export function assertFills(shape: readonly number[], data: { readonly length: number }, name: string): void {
  const count = elementCount(shape);
  if (data.length !== count) {
    throw new VogError(
      'INPUT_SHAPE',
      `${name}: the shape [${shape.join(', ')}] has ${count} elements and the data ${data.length}. ` +
        'Pass the shape that the data was laid out with.',
    );
  }
}

/**
 * A typed array of `count` little-endian elements that start at `offset` of `bytes`: a view where the address is
 * aligned, a copy where it is not.
 */
export function viewOrCopy(type: ElementType, bytes: Uint8Array, offset: number, count: number): TypedArray {
  const Constructor = CONSTRUCTORS[type] as new (buffer: ArrayBufferLike, offset: number, count: number) => TypedArray;
  const address = bytes.byteOffset + offset;
  if (address % bytesPerElement(type) === 0) return new Constructor(bytes.buffer, address, count);
  // `new Uint8Array`, not `slice`: a Node Buffer's slice is a view, at the same address.
  const copy = new Uint8Array(bytes.subarray(offset, offset + count * bytesPerElement(type)));
  return new Constructor(copy.buffer, 0, count);
}

/** A typed array of `count` big-endian elements that start at `offset` of `bytes`: always a copy. */
export function copyBigEndian(type: ElementType, bytes: Uint8Array, offset: number, count: number): TypedArray {
  const width = bytesPerElement(type);
  // `new Uint8Array`, not `slice`: a Node Buffer may place a slice at an unaligned address of its pool.
  const swapped = new Uint8Array(bytes.subarray(offset, offset + count * width));
  for (let start = 0; start < swapped.length; start += width) swapped.subarray(start, start + width).reverse();
  return viewOrCopy(type, swapped, 0, count);
}

/** An empty array of `count` elements of a type. */
export function allocate(type: ElementType, count: number): TypedArray {
  return new (CONSTRUCTORS[type] as new (count: number) => TypedArray)(count);
}

/** The bytes of a typed array, as a view. */
export function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Throws `ARGUMENT_INVALID` unless every byte is 0 or 1, which other readers rely on in a `bool` array. */
export function assertBooleans(data: TypedArray, name: string): void {
  const at = elementTypeOf(data) === 'uint8' ? (data as Uint8Array).findIndex((value) => value > 1) : 0;
  if (at !== -1) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${name}: boolean data is a Uint8Array of 0 and 1, but element ${at} is ${String(data[at])} ` +
        `in ${elementTypeOf(data)} data. Map the values to 0 and 1, or leave the type out.`,
    );
  }
}
