/** The 16-bit floats of the format. Node 20 has no array for them: in memory they are 32-bit floats. */
export const HALF_TYPES = ['F16', 'BF16'] as const;
export type HalfType = (typeof HALF_TYPES)[number];

/** Bytes that one of them takes. */
export const HALF_BYTES = 2;

export function isHalf(dtype: string): dtype is HalfType {
  return (HALF_TYPES as readonly string[]).includes(dtype);
}

/**
 * 16-bit floats as 32-bit ones: every one of them is one exactly, and a NaN keeps its bits.
 *
 * Source: IEEE 754-2019, binary16 (5 bits of exponent, 10 of fraction); bfloat16 is the upper half of a binary32.
 *
 * @param bytes little-endian, at any address
 * @param count of numbers
 */
export function widenHalves(type: HalfType, bytes: Uint8Array, count: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, count * HALF_BYTES);
  // Bits, not values: a NaN moved as a number may change.
  const bits = new Uint32Array(count);
  const widen = type === 'F16' ? bitsOfHalf : (half: number) => half << 16;
  for (let i = 0; i < count; i++) bits[i] = widen(view.getUint16(i * HALF_BYTES, true));
  return new Float32Array(bits.buffer);
}

/** The binary32 that equals a binary16, both as bits. */
function bitsOfHalf(half: number): number {
  const sign = (half & 0x80_00) << 16;
  const exponent = (half >> 10) & 0x1f;
  let fraction = half & 0x3_ff;
  if (exponent === 0x1f) return sign | 0x7f_80_00_00 | (fraction << 13);
  // The exponents count from 15 and from 127.
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Without a leading 1 in a half, with one in a float: shifted up until it leads.
  const shift = Math.clz32(fraction) - 21;
  fraction = (fraction << shift) & 0x3_ff;
  return sign | ((113 - shift) << 23) | (fraction << 13);
}

/** 32-bit floats rounded to the nearest 16-bit ones, to the even one of two; what is too large becomes infinite. */
export function narrowToHalves(type: HalfType, values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const narrow = type === 'F16' ? halfOfBits : brainOfBits;
  const bytes = new Uint8Array(values.length * HALF_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setUint16(i * HALF_BYTES, narrow(bits[i] as number), true);
  return bytes;
}

const INFINITE = 0x7f_80_00_00;
/** Between the largest half and the next that there would be: from here on it is infinite. */
const OVERFLOW = 0x47_7f_f0_00;
const SMALLEST_NORMAL = 0x38_80_00_00;

function halfOfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x80_00;
  const magnitude = bits & 0x7f_ff_ff_ff;
  if (magnitude > INFINITE) return sign | 0x7e_00 | ((magnitude >> 13) & 0x3_ff);
  if (magnitude >= OVERFLOW) return sign | 0x7c_00;
  if (magnitude >= SMALLEST_NORMAL) return sign | (roundedShift(magnitude, 13) - (112 << 10));
  // A multiple of 2^-24; below 2^-26 it is 0, and the shift would leave the word.
  const shift = 126 - (magnitude >> 23);
  return shift > 25 ? sign : sign | roundedShift((magnitude & 0x7f_ff_ff) | 0x80_00_00, shift);
}

function brainOfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x80_00;
  const magnitude = bits & 0x7f_ff_ff_ff;
  if (magnitude > INFINITE) return sign | 0x7f_c0 | ((magnitude >> 16) & 0x7f);
  return sign | roundedShift(magnitude, 16);
}

/** `value / 2^shift`, to the nearest whole number, to the even one of two. */
function roundedShift(value: number, shift: number): number {
  const whole = value >> shift;
  const rest = value - whole * 2 ** shift;
  const half = 2 ** (shift - 1);
  return rest > half || (rest === half && whole % 2 === 1) ? whole + 1 : whole;
}
