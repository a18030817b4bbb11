import {
  checksumOfHashes,
  DataHash,
  type HashedTensor,
  layOutSafetensors,
  type PlacedEntry,
  readSafetensorsHeader,
  SAFETENSORS_LENGTH_BYTES,
  SAFETENSORS_TYPES,
  safetensorsHeadLength,
} from '@vogjs/formats';
import { type ByteSource, VogError } from '@vogjs/core';
import { replaceFile, withFile } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { type OptimizerRecord, optimizerRecord, optimizerTensors } from './optimizer-state.js';
import { statefulLayers, statesOf } from './layer-states.js';
import { typeOf } from './tensor-types.js';
import type { TrainingParts } from './training-parts.js';

const METADATA_KEY = 'vogjs.training';
const FORMAT_VERSION = 1;
/** The tensor of bytes that is the tracker's own file. */
const TRACKER = 'tracker';

/** What a saved training says beside its tensors. */
interface TrainingHeader {
  readonly version: number;
  /** Epochs done. */
  readonly epoch: number;
  /** Whether the caller gave something of its own, and that. */
  readonly extra: unknown;
  readonly optimizer: OptimizerRecord;
}

/** A file as read, but for the tracker, which is read from the file when it is put back. */
export interface TrainingFile {
  readonly header: TrainingHeader;
  readonly checksum: string;
  /** All but the tracker's, by name. */
  readonly tensors: ReadonlyMap<string, tf.Tensor>;
  /** The tracker's bytes within the file; null when it was saved without one. */
  readonly tracker: ByteSource | null;
}

/**
 * Writes a training as one file, replaced atomically: its parts are of the same epoch, or the old file is there.
 *
 * ```
 * weight/0 …            the model's weights, in its order
 * optimizer/FIELD/0 …   what the optimizer remembers
 * state/0/0 …           what stateful layers carry from batch to batch
 * tracker               the tracker's own safetensors file, as bytes
 * ```
 */
export async function writeTraining(
  path: string,
  { model, optimizer, tracker }: TrainingParts,
  { epoch, extra }: { readonly epoch: number; readonly extra: unknown },
): Promise<void> {
  const fromOptimizer = await optimizerTensors(optimizer);
  const named = [
    ...model.getWeights().map((tensor, i) => ({ name: `weight/${i}`, tensor })),
    ...fromOptimizer.tensors.map(({ name, tensor }) => ({ name: `optimizer/${name}`, tensor })),
    ...statefulLayers(model).flatMap((layer, k) =>
      statesOf(layer).map((tensor, i) => ({ name: `state/${k}/${i}`, tensor })),
    ),
  ];
  const header: TrainingHeader = { version: FORMAT_VERSION, epoch, extra, optimizer: optimizerRecord(optimizer) };
  try {
    await replaceFile(path, async (sink) => {
      const writeOwn = async (trackerBytes: number | null): Promise<number> => {
        const own = named.map(({ name, tensor }) => ({ name, shape: tensor.shape, dtype: typeOf(name, tensor) }));
        const all =
          trackerBytes === null ? own : [...own, { name: TRACKER, shape: [trackerBytes], dtype: 'U8' as const }];
        const laidOut = (checksum: string) =>
          layOutSafetensors(all, { [METADATA_KEY]: JSON.stringify({ ...header, checksum }) });
        const { entries } = laidOut('0'.repeat(16));
        const byName = new Map(named.map(({ name, tensor }) => [name, tensor]));
        const hashes: HashedTensor[] = [];
        for (const entry of entries) {
          const tensor = byName.get(entry.name);
          if (tensor === undefined) continue;
          const data = await tensor.data();
          const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
          await sink.write(entry.start, bytes);
          hashes.push(hashed(entry, new DataHash().update(bytes).digest()));
        }
        await sink.write(0, laidOut(checksumOfHashes(header, hashes)).head);
        return entries.find(({ name }) => name === TRACKER)?.start ?? 0;
      };
      if (tracker === undefined) {
        await writeOwn(null);
        return;
      }
      let start = 0;
      await tracker.save({
        open: async (byteLength) => void (start = await writeOwn(byteLength)),
        write: (position, bytes) => sink.write(start + position, bytes),
      });
    });
  } finally {
    tf.dispose([...fromOptimizer.owned]);
  }
}

/**
 * Reads a saved training, checks it, and gives it to `use`; the tensors are disposed afterwards but for those that
 * `use` took out of the map.
 *
 * @throws VogError FILE_FAILED, FORMAT_INVALID, FORMAT_TRUNCATED, STATE_INVALID, STATE_VERSION
 */
export async function readTraining<T>(path: string, use: (file: TrainingFile) => Promise<T>): Promise<T> {
  return withFile(path, async (source) => {
    const first = new Uint8Array(Math.min(SAFETENSORS_LENGTH_BYTES + 1, source.size));
    await source.read(0, first);
    const head = new Uint8Array(safetensorsHeadLength(first, source.size));
    await source.read(0, head);
    const { entries, metadata } = readSafetensorsHeader(head, source.size);
    if (!Object.hasOwn(metadata, METADATA_KEY)) {
      throw new VogError(
        'STATE_INVALID',
        `'${path}' is a safetensors file, but no training that autosave saved. ${ADVICE}`,
      );
    }
    const { header, checksum } = parseHeader(path, metadata[METADATA_KEY] ?? '');
    const tensors = new Map<string, tf.Tensor>();
    try {
      const hashes: HashedTensor[] = [];
      for (const entry of entries) {
        if (entry.name === TRACKER) continue;
        const bytes = new Uint8Array(entry.byteLength);
        await source.read(entry.start, bytes);
        hashes.push(hashed(entry, new DataHash().update(bytes).digest()));
        tensors.set(entry.name, tensorOf(path, entry, bytes));
      }
      if (checksum !== checksumOfHashes(header, hashes)) throw damaged(path, 'it does not match its checksum');
      checkHeader(path, header);
      const tracker = entries.find(({ name }) => name === TRACKER);
      return await use({
        header: header as TrainingHeader,
        checksum: String(checksum),
        tensors,
        tracker: tracker === undefined ? null : part(source, tracker),
      });
    } finally {
      tf.dispose([...tensors.values()].filter((tensor) => !tensor.isDisposed));
    }
  });
}

const ADVICE = 'Give another path, put an earlier copy there, or remove the file to start anew.';

/** A saved training that cannot be trusted. */
export function damaged(path: string, problem: string): VogError {
  return new VogError('STATE_INVALID', `The training saved in '${path}' is damaged: ${problem}. ${ADVICE}`);
}

function parseHeader(path: string, text: string): { header: object; checksum: unknown } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw damaged(path, 'its header is not JSON');
  }
  const record = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const { version } = record;
  if (!Number.isSafeInteger(version) || (version as number) < 1) throw damaged(path, 'its header has no version');
  if ((version as number) > FORMAT_VERSION) {
    throw new VogError(
      'STATE_VERSION',
      `'${path}' has layout version ${String(version)}; this VoG.js reads up to ${FORMAT_VERSION}. Update @vogjs/callback to load it.`,
    );
  }
  const { checksum, ...header } = record;
  return { header, checksum };
}

function checkHeader(path: string, header: object): void {
  const { epoch, optimizer } = header as Record<string, unknown>;
  const { className, iterations, learningRate } = (optimizer ?? {}) as Record<string, unknown>;
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isCount(epoch)) throw damaged(path, `its epoch is ${JSON.stringify(epoch)}`);
  const named = typeof className === 'string' && isCount(iterations);
  if (!named || !(learningRate === null || typeof learningRate === 'number')) {
    throw damaged(path, `its optimizer is ${JSON.stringify(optimizer)}`);
  }
}

function hashed({ name, shape, dtype }: PlacedEntry, hash: string): HashedTensor {
  return { name, shape, type: SAFETENSORS_TYPES[dtype], hash };
}

function tensorOf(path: string, { name, dtype, shape }: PlacedEntry, bytes: Uint8Array): tf.Tensor {
  if (dtype === 'F32') return tf.tensor(new Float32Array(bytes.buffer), [...shape], 'float32');
  if (dtype === 'I32') return tf.tensor(new Int32Array(bytes.buffer), [...shape], 'int32');
  if (dtype === 'BOOL') return tf.tensor(bytes, [...shape], 'bool');
  throw damaged(path, `its tensor ${name} is of type ${dtype}`);
}

/** A stretch of a source, as a source. */
function part(source: ByteSource, { start, byteLength }: PlacedEntry): ByteSource {
  return { size: byteLength, read: (position, into) => source.read(start + position, into) };
}
