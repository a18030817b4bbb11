import { VogError } from '@vogjs/base';

/**
 * The text of a file. A byte order mark tells UTF-8 and UTF-16, and is left out; without one, zeros at every second byte
 * tell UTF-16, and anything else is UTF-8.
 *
 * @param encoding a name that TextDecoder knows, such as `windows-1252`, in the place of what the bytes tell
 * @throws VogError FORMAT_INVALID for bytes that are no text of that encoding
 */
export function textOf(bytes: Uint8Array, encoding: string | undefined, name: string): string {
  const label = encoding ?? encodingOf(bytes);
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch (error) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `encoding must be one that TextDecoder knows, such as 'windows-1252'; got '${label}'.`,
      {
        cause: error,
      },
    );
  }
  try {
    return decoder.decode(new Uint8Array(bytes));
  } catch (error) {
    throw new VogError(
      'FORMAT_INVALID',
      `${name} is not ${label} text. Give its encoding, such as encoding: 'windows-1252', or save it as UTF-8.`,
      { cause: error },
    );
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const start = bytes.subarray(0, Math.min(bytes.length, 512) & ~1);
  const zeros = [0, 0];
  for (const [i, byte] of start.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] as number) + 1;
  const most = start.length / 2;
  if (most >= 2 && (zeros[1] as number) > 0.4 * most && zeros[0] === 0) return 'utf-16le';
  if (most >= 2 && (zeros[0] as number) > 0.4 * most && zeros[1] === 0) return 'utf-16be';
  return 'utf-8';
}
