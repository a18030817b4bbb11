import { allocate, bytesOf, DataHash, type PlacedEntry, SAFETENSORS_TYPES, type TypedArray } from '@vogjs/formats';
import * as tf from '@tensorflow/tfjs';
import { type ByteSource, PIECE_BYTES } from '@vogjs/formats/files';
import { damaged } from './saved-header.js';

/** A tensor of up to so many bytes is read from the device at once. */
const READ_AT_ONCE = 4 * PIECE_BYTES;

/**
 * The bytes of a tensor, piece by piece: a backend copies what is read, and a copy of a large state would not fit beside
 * it.
 */
export async function* piecesOf(tensor: tf.Tensor): AsyncGenerator<Uint8Array> {
  const width = tf.util.bytesPerElement(tensor.dtype);
  if (tensor.size * width <= READ_AT_ONCE) {
    yield await readBytes(tensor);
    return;
  }
  const count = PIECE_BYTES / width;
  for (let start = 0; start < tensor.size; start += count) {
    const piece = tf.tidy(() =>
      tf.slice(tf.reshape(tensor, [tensor.size]), start, Math.min(count, tensor.size - start)),
    );
    try {
      yield await readBytes(piece);
    } finally {
      piece.dispose();
    }
  }
}

async function readBytes(tensor: tf.Tensor): Promise<Uint8Array> {
  const data = (await tensor.data()) as TypedArray;
  // A backend may keep booleans in wider numbers; the file has a byte for each.
  if (tensor.dtype === 'bool' && !(data instanceof Uint8Array)) return Uint8Array.from(data as Int32Array);
  return bytesOf(data);
}

/** Reads a tensor of a file into an array of its own, and hashes its bytes on the way. */
export async function readTensorData(
  source: ByteSource,
  { name, dtype, start, byteLength }: PlacedEntry,
): Promise<{ readonly data: TypedArray; readonly hash: string }> {
  const type = SAFETENSORS_TYPES[dtype];
  const data = allocate(type, byteLength / allocate(type, 0).BYTES_PER_ELEMENT);
  const bytes = bytesOf(data);
  const hash = new DataHash();
  for (let done = 0; done < byteLength; done += PIECE_BYTES) {
    const piece = bytes.subarray(done, done + PIECE_BYTES);
    await source.read(start + done, piece);
    hash.update(piece);
  }
  if (dtype === 'BOOL' && bytes.some((value) => value > 1)) throw damaged(`its tensor ${name} holds no booleans`);
  return { data, hash: hash.digest() };
}

/** Hashes a tensor of a file without keeping it. */
export async function hashTensorData(source: ByteSource, { start, byteLength }: PlacedEntry): Promise<string> {
  const hash = new DataHash();
  const room = new Uint8Array(Math.min(PIECE_BYTES, byteLength));
  for (let done = 0; done < byteLength; done += PIECE_BYTES) {
    const piece = room.subarray(0, Math.min(PIECE_BYTES, byteLength - done));
    await source.read(start + done, piece);
    hash.update(piece);
  }
  return hash.digest();
}

/** A tensor of a file, of the data that was read of it. */
export function tensorOf({ dtype, shape }: PlacedEntry, data: TypedArray): tf.Tensor {
  const types = { BOOL: 'bool', I32: 'int32', F32: 'float32' } as const;
  return tf.tensor(data as Float32Array, [...shape], types[dtype as keyof typeof types]);
}
