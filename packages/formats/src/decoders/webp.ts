import decode, { init } from '@jsquash/webp/decode.js';
import { VogError } from '@vogjs/base';
import type { DecodedImage } from '../image/image.js';
import { compiled } from './wasm.js';

let ready: Promise<void> | undefined;

/** Decodes WebP, lossy and lossless, with libwebp in WebAssembly: Pillow's bytes. */
export async function decodeWebp(bytes: Uint8Array): Promise<DecodedImage> {
  const isExtended = String.fromCharCode(...bytes.subarray(12, 16)) === 'VP8X';
  if (isExtended && ((bytes[20] as number) & 2) !== 0) {
    throw new VogError('FORMAT_UNSUPPORTED', 'It is an animated WebP, which is not read. Save one frame of it.');
  }
  ready ??= compiled('@jsquash/webp/codec/dec/webp_dec.wasm').then((program) =>
    program === undefined ? undefined : init(program),
  );
  await ready;
  const { data, width, height } = await decode(new Uint8Array(bytes).buffer);
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}
