import decode, { init } from '@jsquash/jpeg/decode.js';
import { VogError } from '@vogjs/base';
import { checkImageSize, type DecodedImage } from '../image/image.js';
import { compiled } from './wasm.js';

/** Warnings after which libjpeg goes on with grey or noise in the place of what is missing. */
const DAMAGE = /premature end|bad huffman|bogus|corrupt/i;
/** A few stray bytes between segments lose nothing. */
const HARMLESS = /extraneous bytes/i;

let module: Promise<WebAssembly.Module | undefined> | undefined;
let isReady = false;
let said: string[] = [];
/** The last picture's turn. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Decodes JPEG, baseline and progressive, with libjpeg in WebAssembly: Pillow's bytes. Pictures that come at once have
 * their turns, for what the program says does not say of which it speaks.
 */
export function decodeJpeg(bytes: Uint8Array): Promise<DecodedImage> {
  const decoded = turn.then(() => decodeOne(bytes));
  turn = decoded.catch(() => {});
  return decoded;
}

async function decodeOne(bytes: Uint8Array): Promise<DecodedImage> {
  const { components, width: w, height: h } = frameOf(bytes);
  checkImageSize(w, h);
  if (components === 4) {
    throw new VogError(
      'FORMAT_UNSUPPORTED',
      'It is a JPEG in print colours (CMYK), which are not read. Convert it to RGB.',
    );
  }
  if (!isReady) {
    module ??= compiled('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
    const options = { print: () => {}, printErr: (line: string) => void said.push(line) };
    const program = await module;
    // Its types know of the options alone.
    const start = init as (...given: unknown[]) => Promise<void>;
    await (program === undefined ? start(options) : start(program, options));
    isReady = true;
  }
  said = [];
  try {
    const { data, width, height } = await decode(exactBuffer(bytes));
    const damage = said.find((line) => DAMAGE.test(line) && !HARMLESS.test(line));
    if (damage !== undefined) throw new VogError('IMAGE_BROKEN', damage.trim());
    return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
  } catch (error) {
    if (error instanceof VogError) throw error;
    // The program has ended with its memory as it was: the next picture gets a fresh one.
    isReady = false;
    throw new VogError('IMAGE_BROKEN', said.at(-1)?.trim() ?? String(error), { cause: error });
  }
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** What the frame header says, without decoding. */
function frameOf(bytes: Uint8Array): { width: number; height: number; components: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 <= bytes.length;) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: bytes[at + 9] as number };
    }
    const stands = marker === 0xff || marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8);
    at += stands ? (marker === 0xff ? 1 : 2) : 2 + view.getUint16(at + 2);
  }
  throw new VogError('IMAGE_BROKEN', 'It has no frame header: the JPEG was cut short, or is not a JPEG.');
}
