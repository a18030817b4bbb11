import { readFile } from 'node:fs/promises';
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
import { fileStep, withFile, writeFileAtomically } from '@vogjs/formats/files';
import type { RunCheckpoint, ScoresToWrite } from '@vogjs/run';
import type { Made } from '../outcome/manifest.js';
import type { Rows } from './cut.js';
import type { ShardFacts } from './facts.js';

/** Version of the file. */
const VERSION = 1;
const KEY = 'vogjs.shard';

/** A column of scores without its values. */
export type ShardColumn = Omit<ScoresToWrite, 'values' | 'notes' | 'name'> & {
  /** What its metric says of it. */
  readonly remarks: MetricRemarks;
};

/** What stands before the numbers of a shard. */
export interface ShardHead {
  readonly rows: Rows;
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

/** Writes a shard whole, or not at all. */
export async function writeShard(path: string, { values, trajectories, ...head }: ShardContent): Promise<void> {
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
  await writeFileAtomically(path, writeSafetensors(tensors, { [KEY]: JSON.stringify({ header, checksum }) }));
}

/**
 * Reads what stands before the numbers.
 *
 * @throws VogError SHARD_DAMAGED, SHARD_VERSION, FILE_FAILED
 */
export async function readShardHead(path: string): Promise<ShardHead> {
  return withFile(path, async (source) => {
    const { metadata } = await undamaged(path, async () => {
      const first = new Uint8Array(Math.min(SAFETENSORS_LENGTH_BYTES + 1, source.size));
      await source.read(0, first);
      const head = new Uint8Array(safetensorsHeadLength(first, source.size));
      await source.read(0, head);
      return readSafetensorsHeader(head, source.size);
    });
    return headOf(path, metadata).header;
  });
}

/**
 * Reads a shard, and checks every byte of it.
 *
 * @throws VogError SHARD_DAMAGED, SHARD_VERSION, FILE_FAILED
 */
export async function readShard(path: string): Promise<ShardContent> {
  const bytes = await fileStep('read', path, () => readFile(path));
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
  const { rows, facts, config, taken, skipped, findings, windows, columns, counts, made } = header;
  const isWhole =
    isRecord(rows) &&
    Number.isSafeInteger(rows['start']) &&
    Number.isSafeInteger(rows['end']) &&
    (rows['end'] as number) > (rows['start'] as number) &&
    [facts, config, findings, counts, made].every(isRecord) &&
    [taken, skipped, windows, columns].every(Array.isArray);
  if (!isWhole) throw damaged(path, 'its head lacks a part');
  return { header: header as unknown as Header, checksum };
}

async function undamaged<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof VogError && error.code.startsWith('FORMAT_')) throw damaged(path, error.message);
    throw error;
  }
}

function damaged(path: string, why: string): VogError {
  return new VogError(
    'SHARD_DAMAGED',
    `${path} is damaged: ${why.replace(/\.$/, '')}. Remove it, and score that shard again.`,
  );
}
