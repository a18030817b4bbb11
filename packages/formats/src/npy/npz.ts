import { checkArgument, flag, record, refuseUnknownKeys, requireBytes, VogError } from '@vogjs/base';
import { readZip, writeZip } from '../zip/zip.js';
import { type NpyArray, type NpyInput, readNpy, writeNpy } from './npy.js';

const ENDING = '.npy';

/**
 * Reads an NPZ file, as `numpy.savez` and `numpy.savez_compressed` write it: arrays by name, in the order of the file.
 * Names are as NumPy has them, without `.npy`.
 *
 * @throws VogError FORMAT_INVALID (no ZIP archive, damaged, something in it that is no array), FORMAT_TRUNCATED,
 * FORMAT_UNSUPPORTED (float16, complex, strings, objects; an encrypted archive), ARGUMENT_INVALID for what is no Uint8Array
 */
export async function readNpz(file: Uint8Array): Promise<Record<string, NpyArray>> {
  const arrays: [string, NpyArray][] = [];
  const names = new Set<string>();
  for (const { name: entry, bytes } of await readZip(requireBytes('readNpz', file))) {
    if (entry.endsWith('/')) continue;
    const name = entry.endsWith(ENDING) ? entry.slice(0, -ENDING.length) : entry;
    if (names.has(name)) {
      throw new VogError(
        'FORMAT_INVALID',
        `The NPZ file has two arrays named '${name}'. Write it again, each name once.`,
      );
    }
    names.add(name);
    try {
      arrays.push([name, readNpy(bytes)]);
    } catch (error) {
      if (!(error instanceof VogError)) throw error;
      throw new VogError(error.code, `'${entry}' in the NPZ file: ${error.message}`, { cause: error });
    }
  }
  // fromEntries takes a name such as __proto__ for what it is: a name.
  return Object.fromEntries(arrays);
}

/**
 * Writes named arrays as one NPZ file, which `numpy.load` reads.
 *
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE as `writeNpy` does
 */
export async function writeNpz(
  arrays: Readonly<Record<string, NpyInput>>,
  options: { readonly compress?: boolean } = {},
): Promise<Uint8Array> {
  checkArgument('writeNpz', 'arrays', arrays, record);
  refuseUnknownKeys('writeNpz', options, ['compress']);
  const { compress = false } = options;
  checkArgument('writeNpz', 'compress', compress, flag);
  const entries = Object.entries(arrays).map(([name, array]) => ({ name: `${name}${ENDING}`, bytes: writeNpy(array) }));
  return writeZip(entries, compress);
}
