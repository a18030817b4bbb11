/** What every NPY file begins with: \x93NUMPY. */
export const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;
/** Where the data of a file that NumPy wrote starts: a multiple of this. */
const ALIGNMENT = 64;

/**
 * An NPY file without its data: version 1, or 2 where thousands of dimensions need it, C order, data at a multiple of 64.
 *
 * @param descr NumPy's type, such as `<f4`
 * @param byteLength of the data
 * @returns the whole file, in which the data from `dataStart` on is still 0
 */
export function npyFile(
  descr: string,
  shape: readonly number[],
  byteLength: number,
): { readonly file: Uint8Array; readonly dataStart: number } {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  // Version 1 has a 16-bit header length; only an absurd number of dimensions needs version 2.
  const short = dictionary.length + ALIGNMENT <= 0xffff;
  const headerStart = short ? 10 : 12;
  const dataStart = Math.ceil((headerStart + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(dataStart + byteLength);
  const view = new DataView(file.buffer);
  file.set([...MAGIC, short ? 1 : 2, 0]);
  if (short) view.setUint16(8, dataStart - headerStart, true);
  else view.setUint32(8, dataStart - headerStart, true);
  new TextEncoder().encodeInto(`${dictionary.padEnd(dataStart - headerStart - 1)}\n`, file.subarray(headerStart));
  return { file, dataStart };
}

/** One vector of float32 as an NPY file, for who writes nothing else: it carries no checks of shapes and types. */
export function npyOfFloats(values: Float32Array): Uint8Array {
  const { file, dataStart } = npyFile('<f4', [values.length], values.byteLength);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), dataStart);
  return file;
}
