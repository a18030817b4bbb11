import { readFile } from 'node:fs/promises';
import { hashStrings, VogError } from '@vogjs/base';
import type { ChunkInputs, ChunkSource } from '@vogjs/core';
import { fileStep } from '@vogjs/formats/files';
import { applyCorrections, type ThumbPixels } from '@vogjs/run';
import type { Dataset } from './dataset.js';

/**
 * Data after what people decided about it: labels changed, excluded examples left out.
 *
 * @param path `corrections.csv` of a run of this data
 * @throws VogError LABELS_UNREADABLE for data without labels, FILE_FAILED, and those of `applyCorrections`
 */
export async function correctDataset(dataset: Dataset, path: string): Promise<Dataset> {
  const { ids, classNames, source } = dataset;
  if (dataset.labels === undefined) {
    throw new VogError('LABELS_UNREADABLE', `${source} has no labels to correct. Leave out --corrections.`);
  }
  const file = await fileStep('read', path, () => readFile(path, 'utf8'));
  const options = { ids, ...(classNames === undefined ? {} : { classNames }) };
  const { labels, kept, changed } = applyCorrections(dataset.labels, file, options);
  const take = <T>(values: ArrayLike<T>): T[] => Array.from(kept, (row) => values[row] as T);
  const left = dataset.size - kept.length;
  return {
    ...dataset,
    fingerprint: hashStrings([dataset.fingerprint, file]),
    size: kept.length,
    ids: take(ids),
    labels: Int32Array.from(kept, (row) => labels[row] as number),
    inputs: sourceOfRows(dataset.inputs, kept),
    ...(dataset.paths && { paths: take(dataset.paths) }),
    ...(dataset.images && { images: take(dataset.images) }),
    ...(dataset.thumbs && { thumbs: thumbsOfRows(dataset.thumbs, kept) }),
    ...(dataset.meta && {
      meta: Object.fromEntries(
        Object.entries(dataset.meta).map(([name, values]) => [name, take<string | number | boolean | null>(values)]),
      ),
    }),
    notes: [...dataset.notes, `${path}: ${changed.length} labels corrected, ${left} examples left out.`],
  };
}

function sourceOfRows(inputs: ChunkSource, rows: Int32Array): ChunkSource {
  const several = Array.isArray(inputs.shape[0]);
  return {
    size: rows.length,
    shape: inputs.shape,
    read: async (start, end) => {
      const parts: (readonly ArrayLike<number>[])[] = [];
      for (const [from, to] of stretchesOf(rows.subarray(start, end))) {
        const read: ChunkInputs = await inputs.read(from, to);
        parts.push((several ? read : [read]) as readonly ArrayLike<number>[]);
      }
      const joined = (parts[0] ?? []).map((_, input) =>
        joinNumbers(parts.map((part) => part[input] as ArrayLike<number>)),
      );
      return several ? joined : (joined[0] ?? new Float32Array());
    },
  };
}

function thumbsOfRows(thumbs: ThumbPixels, rows: Int32Array): ThumbPixels {
  return {
    ...thumbs,
    count: rows.length,
    read: async (start, end) => {
      const parts: Uint8Array[] = [];
      for (const [from, to] of stretchesOf(rows.subarray(start, end))) parts.push(await thumbs.read(from, to));
      return Buffer.concat(parts);
    },
  };
}

function joinNumbers(parts: readonly ArrayLike<number>[]): ArrayLike<number> {
  if (parts.length === 1) return parts[0] as ArrayLike<number>;
  const joined = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Rows that follow each other, as `[start, end)`: readers read those at once. */
function stretchesOf(rows: Int32Array): [number, number][] {
  const stretches: [number, number][] = [];
  for (const row of rows) {
    const last = stretches.at(-1);
    if (last?.[1] === row) last[1] = row + 1;
    else stretches.push([row, row + 1]);
  }
  return stretches;
}
