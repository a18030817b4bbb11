import { type ErrorCode, VogError } from '@vogjs/base';
import { decodeImage } from '../decoders/decode.js';
import { sharpDecoder } from '../decoders/sharp.js';
import { withChannels } from '../image/channels.js';
import { fitImage } from '../image/fit.js';
import type { DecodedImage } from '../image/image.js';
import { firstFew } from '../notes/notes.js';
import type { ResolvedImageOptions } from './options.js';

/** A picture that has not been read yet. */
export interface PictureFile {
  readonly id: string;
  readonly bytes: () => Promise<Uint8Array>;
}

/** A picture that cannot be decoded. */
export interface BrokenPicture {
  readonly id: string;
  /** Of the error: IMAGE_BROKEN, FORMAT_UNSUPPORTED or FILE_FAILED. */
  readonly code: ErrorCode;
  readonly reason: string;
}

/** Pictures that were all decoded once, at one size. */
export interface Pictures {
  /** Of those that can be decoded, their index among the files. */
  readonly kept: readonly number[];
  readonly broken: readonly BrokenPicture[];
  readonly height: number;
  readonly width: number;
  readonly decoder: 'sharp' | 'javascript';
  /** Bytes of kept pictures `start` to `end`. */
  pixels(start: number, end: number): Promise<Uint8Array>;
}

/** Pictures that are read and decoded at once; sharp has threads of its own. */
const AT_ONCE = 16;

type Decode = (bytes: Uint8Array) => Promise<DecodedImage>;

/** Decodes every picture once. @throws VogError IMAGE_BROKEN, IMAGE_SIZES, DECODER_ABSENT */
export async function openPictures(files: readonly PictureFile[], options: ResolvedImageOptions): Promise<Pictures> {
  const { channels, background, memory, onProgress, onPicture } = options;
  const { decode, decoder } = await decoderOf(options.decoder);
  let size = sizeOf(options.size);
  const kept: number[] = [];
  const broken: BrokenPicture[] = [];
  let first = '';
  let held: Uint8Array | null = null;
  const load = async (file: PictureFile, seen?: typeof onPicture): Promise<DecodedImage> => {
    const image = await decode(await file.bytes());
    seen?.(file.id, image);
    return withChannels(image, channels, background);
  };
  const toSize = (image: DecodedImage, [height, width]: readonly [number, number]): Uint8Array =>
    fitImage(image, { ...options, height, width }).data;

  for (let start = 0; start < files.length; start += AT_ONCE) {
    const stretch = files.slice(start, start + AT_ONCE);
    const outcomes = await Promise.all(
      stretch.map(async (file) => {
        try {
          const image = await load(file, onPicture);
          // Made small at once where the size is known, so that no sixteen large pictures are held.
          return size === null ? image : { data: toSize(image, size), width: size[1], height: size[0], channels };
        } catch (error) {
          if (error instanceof VogError) return error;
          throw error;
        }
      }),
    );
    for (const [i, outcome] of outcomes.entries()) {
      const { id } = stretch[i] as PictureFile;
      if (outcome instanceof VogError) {
        broken.push({ id, code: outcome.code, reason: outcome.message });
        continue;
      }
      if (size === null) {
        size = [outcome.height, outcome.width];
        first = id;
      }
      if (outcome.height !== size[0] || outcome.width !== size[1]) throw sizesDiffer(first, size, id, outcome);
      const bytes = size[0] * size[1] * channels;
      if (kept.length === 0 && bytes * files.length <= memory) held = new Uint8Array(bytes * files.length);
      held?.set(outcome.data, kept.length * bytes);
      kept.push(start + i);
    }
    onProgress?.(Math.min(start + AT_ONCE, files.length), files.length);
  }
  checkBroken(broken, files.length, options.brokenLimit);
  const known = size as readonly [number, number];
  const bytes = known[0] * known[1] * channels;
  const pixels = async (start: number, end: number): Promise<Uint8Array> => {
    if (held !== null) return held.slice(start * bytes, end * bytes);
    const out = new Uint8Array((end - start) * bytes);
    for (let from = start; from < end; from += AT_ONCE) {
      const stretch = kept.slice(from, Math.min(end, from + AT_ONCE));
      const images = await Promise.all(stretch.map((file) => again(files[file] as PictureFile, load)));
      for (const [i, image] of images.entries()) out.set(toSize(image, known), (from - start + i) * bytes);
    }
    return out;
  };
  return { kept, broken, height: known[0], width: known[1], decoder, pixels };
}

function sizeOf(size: ResolvedImageOptions['size']): readonly [number, number] | null {
  if (size === undefined) return null;
  return typeof size === 'number' ? [size, size] : size;
}

async function decoderOf(
  asked: 'auto' | 'sharp' | 'javascript',
): Promise<{ decode: Decode; decoder: 'sharp' | 'javascript' }> {
  const sharp = asked === 'javascript' ? null : await sharpDecoder();
  if (sharp !== null) return { decode: sharp, decoder: 'sharp' };
  if (asked === 'sharp') {
    throw new VogError(
      'DECODER_ABSENT',
      "decoder: 'sharp' needs the package sharp, which is not installed or does not load. Install it (npm install sharp), or leave the option out.",
    );
  }
  return { decode: decodeImage, decoder: 'javascript' };
}

/** A picture that was right when the folder was opened. */
async function again(file: PictureFile, load: (file: PictureFile) => Promise<DecodedImage>): Promise<DecodedImage> {
  try {
    return await load(file);
  } catch (error) {
    if (!(error instanceof VogError)) throw error;
    throw new VogError(
      error.code,
      `'${file.id}' has changed since the pictures were opened. ${error.message} Open them again.`,
      {
        cause: error,
      },
    );
  }
}

function sizesDiffer(first: string, size: readonly [number, number], id: string, image: DecodedImage): VogError {
  return new VogError(
    'IMAGE_SIZES',
    `The pictures are of several sizes: '${first}' is ${size[1]} x ${size[0]}, '${id}' is ${image.width} x ${image.height}. Give a size, such as size: 64.`,
  );
}

function checkBroken(broken: readonly BrokenPicture[], total: number, limit: number): void {
  if (broken.length < total && broken.length <= limit * total) return;
  const names = firstFew(
    broken.map(({ id, reason }) => `'${id}' (${reason})`),
    3,
  );
  throw new VogError(
    'IMAGE_BROKEN',
    `${broken.length} of ${total} pictures cannot be decoded: ${names}. Copy the files again or remove them; brokenLimit: 1 goes on with the rest, if there is one.`,
  );
}
