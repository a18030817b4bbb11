import { parquetWriteBuffer } from 'hyparquet-writer';
import type { RankedScores } from './facts.js';
import type { Column } from './files.js';

/** Parquet, Snappy-compressed, with what the scores are in its key-value metadata under `vogjs.*`. */
export function encodeParquet(scores: RankedScores, columnData: Column[]): Uint8Array {
  const { metric, column, window, hardDirection, checkpoints, notes } = scores;
  const facts = {
    metric,
    column,
    window,
    hardDirection,
    checkpoints: String(checkpoints),
    notes: JSON.stringify(notes),
  };
  const buffer = parquetWriteBuffer({
    columnData,
    kvMetadata: Object.entries(facts).map(([key, value]) => ({ key: `vogjs.${key}`, value })),
    createdBy: 'vogjs',
  });
  return new Uint8Array(buffer);
}
