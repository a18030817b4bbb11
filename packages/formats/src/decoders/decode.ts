import { requireBytes, VogError } from '@vogjs/base';
import { checkImageSize, type DecodedImage } from '../image/image.js';
import { type ImageKind, imageKindOf } from '../image/kind.js';
import { orient, orientationOf } from '../image/orientation.js';

/** Each decoder is loaded with the first picture of its kind. */
const DECODERS: Readonly<Record<ImageKind, (bytes: Uint8Array) => Promise<DecodedImage>>> = {
  png: async (bytes) => (await import('./png.js')).decodePng(bytes),
  jpeg: async (bytes) => (await import('./jpeg.js')).decodeJpeg(bytes),
  webp: async (bytes) => (await import('./webp.js')).decodeWebp(bytes),
  gif: async (bytes) => (await import('./gif.js')).decodeGif(bytes),
  bmp: async (bytes) => (await import('./bmp.js')).decodeBmp(bytes),
};

/**
 * Decodes a PNG, JPEG, WebP, GIF (its first frame) or BMP, told by its first bytes, in JavaScript and WebAssembly; in a
 * page too. It is turned as EXIF says; colour profiles are left out of account, as in Pillow.
 *
 * @returns bytes 0 to 255, channels last, with 1 (grey), 2, 3 or 4 (RGB and alpha) channels
 * @throws VogError IMAGE_BROKEN (damaged or cut short), FORMAT_UNSUPPORTED (another format, a JPEG in print colours, an
 * animated WebP)
 */
export async function decodeImage(file: Uint8Array): Promise<DecodedImage> {
  const bytes = requireBytes('decodeImage', file);
  const kind = requireKind(bytes);
  return orient(await withReason(kind, bytes, DECODERS[kind]), orientationOf(bytes, kind));
}

/** What kind of picture it is. @throws VogError IMAGE_BROKEN, FORMAT_UNSUPPORTED */
export function requireKind(bytes: Uint8Array): ImageKind {
  if (bytes.length === 0) throw new VogError('IMAGE_BROKEN', 'The file is empty.');
  const kind = imageKindOf(bytes);
  if (kind !== null) return kind;
  throw new VogError(
    'FORMAT_UNSUPPORTED',
    `It is not a PNG, JPEG, WebP, GIF or BMP: it begins with the bytes ${[...bytes.subarray(0, 4)].join(' ')}. Convert it, or leave it out.`,
  );
}

/** Runs a decoder; whatever it throws becomes a VogError with its reason. */
export async function withReason(
  kind: ImageKind,
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => Promise<DecodedImage>,
): Promise<DecodedImage> {
  try {
    const image = await decode(bytes);
    checkImageSize(image.width, image.height);
    return image;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const code = error instanceof VogError ? error.code : 'IMAGE_BROKEN';
    throw new VogError(code, `The ${NAMES[kind]} cannot be decoded: ${said.replace(/\.$/, '')}.`, { cause: error });
  }
}

const NAMES: Readonly<Record<ImageKind, string>> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', gif: 'GIF', bmp: 'BMP' };
