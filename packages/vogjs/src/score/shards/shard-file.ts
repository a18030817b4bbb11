import { isRecord, parseJson, VogError } from '@vogjs/base';
import type { Findings, MetricRemarks } from '@vogjs/core/engine';
import {
  checksumOf,
  readSafetensors,
  readSafetensorsHeader,
  SAFETENSORS_LENGTH_BYTES,
  safetensorsHeadLength,
  type SafetensorsTensor,
  writeSafetensors,
} from '@vogjs/formats';
import type { RunCheckpoint, ScoresToWrite } from '@vogjs/run';
import type { Made } from '../outcome/manifest.js';
import type { Piece, ShardFacts } from './facts.js';
import { putFile, type ShardFile } from './place.js';

/** Version of the file. */
const VERSION = 1;
const KEY = 'vogjs.shard';

/** A column of scores without its values. */
export type ShardColumn = Omit<ScoresToWrite, 'values' | 'notes' | 'name'> & {
  /** What its metric says of it. */
  readonly remarks: MetricRemarks;
};

/** What stands before the numbers of a shard. */
export interface ShardHead extends Piece {
  readonly facts: ShardFacts;
  /** What was asked for: where the data is, and how it was scored. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly taken: readonly RunCheckpoint[];
  /** Indices of checkpoints that had diverged for every row. */
  readonly skipped: readonly number[];
  readonly findings: Findings;
  readonly windows: readonly string[];
  readonly columns: readonly ShardColumn[];
  readonly made: Made;
}

/** A shard: its scores `[rows]` in the order of `columns`, and what each checkpoint said. */
export interface ShardContent extends ShardHead {
  readonly values: readonly Float32Array[];
  /** By field of `Trajectories` and checkpoint; lists are empty where nothing was kept. */
  readonly trajectories: Readonly<Record<string, readonly (Float32Array | Int32Array)[]>>;
}

/**
 * Writes a shard whole, or not at all.
 *
 * @param isDamaged whether what is there is to be replaced; else the first writer wins, where a storage can tell
 */
export async function writeShard(
  file: ShardFile,
  { values, trajectories, ...head }: ShardContent,
  isDamaged: boolean,
): Promise<void> {
  const lists = { score: values, ...trajectories };
  const tensors = Object.fromEntries(
    Object.entries(lists).flatMap(([field, list]) =>
      list.map((data, at) => [`${field}.${at}`, { data, shape: [data.length] }] as const),
    ),
  );
  const counts = Object.fromEntries(Object.entries(trajectories).map(([field, list]) => [field, list.length]));
  // As it will be read: NaN and undefined have no JSON.
  const header = JSON.parse(JSON.stringify({ version: VERSION, ...head, counts })) as object;
  const checksum = checksumOf(header, tensors);
  const bytes = writeSafetensors(tensors, { [KEY]: JSON.stringify({ header, checksum }) });
  await putFile(file, bytes, isDamaged);
}

/**
 * Reads what stands before the numbers.
 *
 * @throws VogError SHARD_DAMAGED, SHARD_VERSION, RUN_ABSENT, and those of the storage
 */
export async function readShardHead({ storage, name, path }: ShardFile): Promise<ShardHead> {
  const size = (await storage.size(name)) ?? 0;
  const { metadata } = await undamaged(path, async () => {
    const first = await storage.read(name, { start: 0, end: Math.min(SAFETENSORS_LENGTH_BYTES + 1, size) });
    const head = await storage.read(name, { start: 0, end: safetensorsHeadLength(first, size) });
    return readSafetensorsHeader(head, size);
  });
  return headOf(path, metadata).header;
}

/**
 * Reads a shard, and checks every byte of it.
 *
 * @throws VogError SHARD_DAMAGED, SHARD_VERSION, RUN_ABSENT, and those of the storage
 */
export async function readShard({ storage, name, path }: ShardFile): Promise<ShardContent> {
  const bytes = await storage.read(name);
  const { tensors, metadata } = await undamaged(path, async () => readSafetensors(bytes));
  const { header, checksum } = headOf(path, metadata);
  if (checksumOf(header, tensors) !== checksum) {
    throw damaged(path, 'it does not match its checksum');
  }
  const { counts, ...head } = header;
  const list = (field: string, count: number): SafetensorsTensor['data'][] =>
    Array.from({ length: count }, (_, at) => (tensors[`${field}.${at}`] as SafetensorsTensor).data);
  return {
    ...head,
    values: list('score', head.columns.length) as Float32Array[],
    trajectories: Object.fromEntries(
      Object.entries(counts).map(([field, count]) => [field, list(field, count) as Float32Array[]]),
    ),
  };
}

type Header = ShardHead & { readonly version: number; readonly counts: Readonly<Record<string, number>> };

function headOf(path: string, metadata: Readonly<Record<string, string>>): { header: Header; checksum: string } {
  let parsed: unknown;
  try {
    parsed = parseJson(metadata[KEY] ?? '');
  } catch {
    throw damaged(path, 'it has no head of a shard');
  }
  if (!isRecord(parsed) || !isRecord(parsed['header']) || typeof parsed['checksum'] !== 'string') {
    throw damaged(path, 'its head is not a head of a shard');
  }
  const { header, checksum } = parsed as { header: Record<string, unknown>; checksum: string };
  const { version } = header;
  if (version !== VERSION) {
    throw new VogError(
      'SHARD_VERSION',
      `${path} has version ${String(version)} of the shard format, and this program reads ${VERSION}. ` +
        'Score that shard again with this version of VoG.js, or merge with the version that made it.',
    );
  }
  const { rows, stretch, facts, config, taken, skipped, findings, windows, columns, counts, made } = header;
  const isWhole =
    isRecord(rows) &&
    Number.isSafeInteger(rows['start']) &&
    Number.isSafeInteger(rows['end']) &&
    (rows['end'] as number) > (rows['start'] as number) &&
    (stretch === undefined || isStretch(stretch)) &&
    [facts, config, findings, counts, made].every(isRecord) &&
    [taken, skipped, windows, columns].every(Array.isArray);
  if (!isWhole) throw damaged(path, 'its head lacks a part');
  return { header: header as unknown as Header, checksum };
}

function isStretch(value: unknown): boolean {
  const { start, end, of } = isRecord(value) ? value : {};
  return (
    [start, end, of].every(Number.isSafeInteger) &&
    (end as number) > (start as number) &&
    (of as number) >= (end as number)
  );
}

/** What a reader of formats or states refuses is a shard that is damaged. */
export async function undamaged<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof VogError && /^(FORMAT|STATE)_/.test(error.code)) throw damaged(path, error.message);
    throw error;
  }
}

/** The error of a file of a shard that cannot be used. */
export function damaged(path: string, why: string): VogError {
  return new VogError(
    'SHARD_DAMAGED',
    `${path} is damaged: ${why.replace(/\.$/, '')}. Remove it, and score that shard again.`,
  );
}
