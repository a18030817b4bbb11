import type { ImageSet } from '@vogjs/example-shared';
import type { CheckpointFolder } from '../train/checkpoints.js';
import { type Columns, scoreShard } from './shard.js';
import { identityOf, readShard, shardPath, writeShard } from './shard-files.js';

/** Images that are scored together, and saved: their running variances are in memory at once. */
const SHARD = 500;

/** How images are scored, where it is not by every reading. */
export interface ShardScoring {
  /** Names the files, and tells them from those of another scoring. */
  readonly what: string;
  readonly score: (checkpoints: CheckpointFolder, images: ImageSet) => Promise<Columns>;
}

const BY_READINGS: ShardScoring = { what: 'readings', score: scoreShard };

/** Shard after shard; what `out` holds of them is not done again. */
export async function scoreAll(
  checkpoints: CheckpointFolder,
  images: ImageSet,
  out: string | null,
  { what, score }: ShardScoring = BY_READINGS,
  shard = SHARD,
): Promise<Columns> {
  const size = images.shape[0];
  const parts: Columns[] = [];
  for (let start = 0; start < size; start += shard) {
    const part = imagesFrom(images, start, Math.min(start + shard, size));
    const identity = identityOf(checkpoints, part);
    const path = out === null ? null : shardPath(out, what, start);
    const saved = path === null ? null : await readShard(path, identity);
    const began = performance.now();
    const columns = saved ?? (await score(checkpoints, part));
    if (saved === null && path !== null) await writeShard(path, identity, columns);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`images ${start} to ${start + part.shape[0] - 1}: ${saved === null ? `${seconds} s` : 'done before'}`);
    parts.push(columns);
  }
  return joined(parts);
}

function imagesFrom(set: ImageSet, from: number, to: number): ImageSet {
  const [, height, width, channels] = set.shape;
  const length = height * width * channels;
  return {
    ...set,
    pixels: set.pixels.subarray(from * length, to * length),
    shape: [to - from, height, width, channels],
    labels: set.labels.subarray(from, to),
  };
}

function joined(parts: readonly Columns[]): Columns {
  const names = Object.keys(parts[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, Float32Array.from(parts.flatMap((part) => [...(part[name] as Float32Array)]))]),
  );
}
