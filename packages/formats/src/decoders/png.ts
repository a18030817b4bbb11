import { convertIndexedToRgb, decode, type DecodedPng } from 'fast-png';
import { checkImageSize, type DecodedImage } from '../image/image.js';

/** Decodes PNG of every depth and colour type. Of 16 bits the high ones are kept. */
export function decodePng(bytes: Uint8Array): DecodedImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The header chunk comes first.
  if (bytes.length >= 24) checkImageSize(view.getUint32(16), view.getUint32(20));
  const png = decode(bytes, { checkCrc: true });
  const { width, height } = png;
  if (png.palette !== undefined) {
    const data = convertIndexedToRgb(png);
    return { data, width, height, channels: data.length / (width * height) };
  }
  const { channels, depth } = png;
  const data =
    depth < 8 ? unpacked(png) : depth === 16 ? Uint8Array.from(png.data, (value) => value >> 8) : bytesOf(png.data);
  const image = { data, width, height, channels };
  return png.transparency === undefined ? image : withTransparentColour(image, png);
}

function bytesOf(data: DecodedPng['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

/** Grey of 1, 2 or 4 bits, spread over 0 to 255. Each row begins with a byte of its own. */
function unpacked({ data, width, height, depth }: DecodedPng): Uint8Array {
  const row = Math.ceil((width * depth) / 8);
  const most = 2 ** depth - 1;
  const out = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = data[y * row + (bit >> 3)] as number;
      out[to++] = (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most;
    }
  }
  return out;
}

/** One colour of the file may stand for nothing (its tRNS chunk): it gets alpha 0. */
function withTransparentColour(image: DecodedImage, { data: values, depth, transparency }: DecodedPng): DecodedImage {
  const { width, height, channels } = image;
  const raw = depth < 8 ? image.data : values;
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const data = new Uint8Array(width * height * (channels + 1));
  for (let from = 0, to = 0; from < raw.length; from += channels) {
    let isClear = true;
    for (let c = 0; c < channels; c++) {
      isClear &&= raw[from + c] === (transparency?.[c] ?? -1) * scale;
      data[to++] = image.data[from + c] as number;
    }
    data[to++] = isClear ? 0 : 255;
  }
  return { data, width, height, channels: channels + 1 };
}
