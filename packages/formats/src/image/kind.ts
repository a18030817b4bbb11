/** Formats that are decoded. */
export type ImageKind = 'png' | 'jpeg' | 'webp' | 'gif' | 'bmp';

/** Endings of the files that count as pictures; what is in one is told by its first bytes, not by its name. */
export const READ_ENDINGS: ReadonlySet<string> = new Set('png apng jpg jpeg jpe jfif webp gif bmp dib'.split(' '));

/** Endings of pictures that are not decoded: they are named, never passed over in silence. */
export const UNREAD_ENDINGS: ReadonlySet<string> = new Set(
  'tif tiff heic heif avif jxl jp2 psd svg ico ppm pgm pbm tga exr hdr dng raw cr2 nef arw'.split(' '),
);

/** What the first bytes of a file say that it is; null for none of these. */
export function imageKindOf(bytes: Uint8Array): ImageKind | null {
  const starts = (text: string, at = 0): boolean =>
    Array.from(text).every((character, i) => bytes[at + i] === character.charCodeAt(0));
  if (bytes[0] === 0x89 && starts('PNG\r\n', 1)) return 'png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp';
  if (starts('GIF8')) return 'gif';
  return starts('BM') ? 'bmp' : null;
}
