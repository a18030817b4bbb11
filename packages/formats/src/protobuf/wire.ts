// Fields of protocol buffers, as they lie in a file. A library for them weighs some 2 MB; what is written here, graphs and
// TensorBoard's events, needs these kinds of field.

import { joined } from '../bytes/joined.js';

type Bytes = Uint8Array;

/** A whole number in as few bytes as it needs, without a field. */
export function varint(value: number): Bytes {
  const bytes: number[] = [];
  // As protocol buffers do it: a negative number is written as its two's complement of 64 bits.
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

const tag = (field: number, wire: number): Bytes => varint((field << 3) | wire);
/** A whole number. */
export const integer = (field: number, value: number): Bytes => joined([tag(field, 0), varint(value)]);
/** A message, or bytes, of parts that are written already. */
export const message = (field: number, ...parts: Bytes[]): Bytes => {
  const body = joined(parts);
  return joined([tag(field, 2), varint(body.length), body]);
};
/** A string. */
export const text = (field: number, value: string): Bytes => message(field, new TextEncoder().encode(value));

/** A number of 4 bytes. */
export function float(field: number, value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined([tag(field, 5), bytes]);
}

/** A number of 8 bytes. */
export function double(field: number, value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return joined([tag(field, 1), bytes]);
}

/** A list of numbers of 8 bytes, packed. */
export function doubles(field: number, values: ArrayLike<number>): Bytes {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i] as number, true);
  return message(field, bytes);
}
