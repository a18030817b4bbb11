import {
  checksumOfHashes,
  type HashedTensor,
  type PlacedEntry,
  readSafetensorsHeader,
  SAFETENSORS_LENGTH_BYTES,
  SAFETENSORS_TYPES,
  type SafetensorsEntry,
  safetensorsHeadLength,
} from '@vogjs/formats';
import { VogError } from '@vogjs/base';
import type { ByteSource } from '@vogjs/formats/files';
import { damaged, parseHeader } from './saved-header.js';

/** Under which the header of a saved state stands in the metadata of its file. */
export const METADATA_KEY = 'vogjs.tracker';

/** What stands before the tensors of a saved state. */
export interface Head {
  readonly header: object;
  readonly entries: readonly PlacedEntry[];
  /** Throws when the file's checksum is not that of these tensors. */
  verify(hashes: readonly HashedTensor[]): void;
}

/** Reads it: a piece of the file, whatever the size of that. */
export async function readHead(source: ByteSource): Promise<Head> {
  const first = new Uint8Array(Math.min(SAFETENSORS_LENGTH_BYTES + 1, source.size));
  await source.read(0, first);
  const head = new Uint8Array(safetensorsHeadLength(first, source.size));
  await source.read(0, head);
  const { entries, metadata } = readSafetensorsHeader(head, source.size);
  const text = Object.hasOwn(metadata, METADATA_KEY) ? metadata[METADATA_KEY] : undefined;
  if (text === undefined) {
    throw new VogError('STATE_INVALID', 'This safetensors file is not the saved state of a VoG.js tracker.');
  }
  const { header, checksum } = parseHeader(text);
  return {
    header,
    entries,
    verify(hashes) {
      if (checksum !== checksumOfHashes(header, hashes)) throw damaged('it does not match its checksum');
    },
  };
}

/** A tensor of the file with the hash of its bytes. */
export function hashed({ name, shape, dtype }: SafetensorsEntry, hash: string): HashedTensor {
  return { name, shape, type: SAFETENSORS_TYPES[dtype], hash };
}
