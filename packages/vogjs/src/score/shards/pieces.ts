import type { Scoring } from '../follow/work.js';
import { type By, type Grid, rowsOfShard, type Shard } from './cut.js';
import type { Piece } from './facts.js';
import { refuseUnmergeable, stretchOfShard } from './stretches.js';

/**
 * The rows and checkpoints of a shard.
 *
 * @throws VogError SHARD_UNFIT for more shards than chunks or checkpoints, and for metrics without merge by checkpoints
 */
export function pieceOf({ following, checkpoints }: Scoring, grid: Grid, shard: Shard, by: By): Piece {
  if (by === 'rows') return { rows: rowsOfShard(grid, shard) };
  refuseUnmergeable(following.metrics);
  return { rows: { start: 0, end: grid.examples }, stretch: stretchOfShard(checkpoints.count, shard) };
}

/** Passes of examples that a piece takes, of so many checkpoints in all. */
export function passesOf({ rows, stretch }: Piece, checkpoints: number): number {
  const { start, end } = stretch ?? { start: 0, end: checkpoints };
  return (rows.end - rows.start) * (end - start);
}
