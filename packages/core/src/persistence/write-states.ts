import {
  checksumOfHashes,
  DataHash,
  type HashedTensor,
  layOutSafetensors,
  SAFETENSORS_TYPES,
  type SafetensorsEntry,
} from '@vogjs/formats';
import { settleDevice } from '@vogjs/backend';
import type { ByteSink } from '@vogjs/formats/files';
import { METADATA_KEY } from './saved-file.js';

/**
 * Writes a saved state; beside it there is one tensor at a time, or a piece of a large one.
 *
 * @param piecesOf the bytes of a tensor, in pieces; asked for in the order of the file
 */
export async function writeStates<Part extends SafetensorsEntry>(
  sink: ByteSink,
  header: object,
  parts: readonly Part[],
  piecesOf: (part: Part) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const laidOut = (checksum: string) =>
    layOutSafetensors(parts, { [METADATA_KEY]: JSON.stringify({ ...header, checksum }) });
  // The checksum stands before what it is of, and has the same length whatever it is: the head is written last.
  const { entries, byteLength } = laidOut('0'.repeat(16));
  await sink.open?.(byteLength);
  const byName = new Map(parts.map((part) => [part.name, part]));
  const hashes: HashedTensor[] = [];
  for (const { name, dtype, shape, start } of entries) {
    const hash = new DataHash();
    let position = start;
    for await (const piece of piecesOf(byName.get(name) as Part)) {
      hash.update(piece);
      await sink.write(position, piece);
      position += piece.length;
    }
    hashes.push({ name, shape, type: SAFETENSORS_TYPES[dtype], hash: hash.digest() });
  }
  await settleDevice('while the state was read');
  await sink.write(0, laidOut(checksumOfHashes(header, hashes)).head);
}
