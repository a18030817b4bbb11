import { isRecord, type LabelValue, parseJson, VogError } from '@vogjs/base';
import { declareOptions, type InputOf, text } from '@vogjs/base/options';
import { brokenNotes, type ImageSource, readingOf } from '../image-folder/image-source.js';
import { namedClasses } from '../image-folder/named-classes.js';
import { imageOptions } from '../image-folder/options.js';
import { openPictures } from '../image-folder/pictures.js';
import { classNotes, firstFew, type ReadingNote } from '../notes/notes.js';
import type { FileOrBytes } from '../tables/file-bytes.js';
import { requireColumn } from '../tables/table.js';
import { openParquet, type ParquetFile } from './open-parquet.js';

const options = declareOptions('readImageParquet', {
  ...imageOptions,
  image: text().default('image').about('Column of the pictures: records with bytes and path, or bytes.'),
  label: text().optional('label, where there is such a column').about('Column of the labels.'),
});

/** What `readImageParquet` takes. */
export type ImageParquetOptions = InputOf<typeof options.entries>;

/** Pictures of a Parquet file, as a chunk source. */
export interface ImageParquet extends ImageSource {
  /** Rows that have no label; they are not among the examples. */
  readonly unlabelled: readonly string[];
}

/**
 * Reads pictures out of Parquet, as Hugging Face's datasets keeps them: a column `image` of records `{ bytes, path }`, and
 * one of labels, whose names stand in the file. Several files, the shards of one set, are read one after the other.
 *
 * Ids are the paths where each row has one of its own, else the rows' numbers from 0. Rows without a label, or labelled
 * -1, are left out. One group of rows is held at a time; the rest is as in `readImageFolder`.
 *
 * @throws VogError COLUMN_UNKNOWN, FORMAT_INVALID, TABLE_INVALID (no rows), IMAGE_BROKEN, IMAGE_SIZES, DECODER_ABSENT,
 * LABEL_INVALID, LABELS_UNMATCHED (no row has a label), FILE_FAILED
 */
export async function readImageParquet(
  files: FileOrBytes | readonly FileOrBytes[],
  given: ImageParquetOptions = {},
): Promise<ImageParquet> {
  const resolved = options.resolve(given);
  const { image } = resolved;
  const list = Array.isArray(files) ? (files as readonly FileOrBytes[]) : [files as FileOrBytes];
  const shards: ParquetFile[] = [];
  for (const file of list) shards.push(await openParquet('readImageParquet', file));
  const [first] = shards;
  if (first === undefined || shards.every(({ rows }) => rows === 0)) {
    throw new VogError('TABLE_INVALID', 'readImageParquet: there are no rows. Expected a picture a row.');
  }
  const label = resolved.label ?? (first.columns.some(({ name }) => name === 'label') ? 'label' : undefined);
  for (const { name, columns } of shards) {
    requireColumn(name, columns, image);
    if (label !== undefined) requireColumn(name, columns, label);
  }
  const { ids, labels, bytesOf } = await rowsOf(shards, image, label);
  const isLabelled = (value: LabelValue | null): boolean => value !== null && Number(value) !== -1;
  const chosen = ids.flatMap((_, row) => (label === undefined || isLabelled(labels[row] ?? null) ? [row] : []));
  if (chosen.length === 0) {
    throw new VogError(
      'LABELS_UNMATCHED',
      `${first.name}: no row has a label in '${label}'. Give the column of the labels.`,
    );
  }
  const pictures = await openPictures(
    chosen.map((row) => ({ id: ids[row] as string, bytes: () => bytesOf(row) })),
    resolved,
  );
  const kept = pictures.kept.map((i) => chosen[i] as number);
  const names = resolved.classNames ?? (label === undefined ? undefined : classNamesIn(first, label));
  const { labels: classes, classNames } =
    label === undefined
      ? { labels: null, classNames: null }
      : namedClasses(
          'readImageParquet',
          kept.map((row) => labels[row] as LabelValue),
          names,
        );
  const unlabelled = label === undefined ? [] : ids.filter((_, row) => !isLabelled(labels[row] ?? null));
  const notes: ReadingNote[] = brokenNotes(pictures.broken, chosen.length);
  if (unlabelled.length > 0) {
    const message = `Rows without a label are left out, ${unlabelled.length} of ${ids.length}: ${firstFew(unlabelled)}.`;
    notes.push({ code: 'ROWS_UNLABELLED', message });
  }
  return {
    ...readingOf(pictures, resolved),
    ids: kept.map((row) => ids[row] as string),
    labels: classes,
    classNames,
    unlabelled,
    notes: [...notes, ...classNotes(kept.length, classes, classNames)],
  };
}

interface Rows {
  readonly ids: readonly string[];
  readonly labels: readonly (LabelValue | null)[];
  readonly bytesOf: (row: number) => Promise<Uint8Array>;
}

/** All but the pictures; those are read by groups of rows, of which the last two are held. */
async function rowsOf(shards: readonly ParquetFile[], image: string, label: string | undefined): Promise<Rows> {
  const paths: (string | null)[] = [];
  const labels: (LabelValue | null)[] = [];
  const places: { shard: ParquetFile; start: number; end: number; first: number }[] = [];
  for (const shard of shards) {
    for (const [i, start] of shard.groups.slice(0, -1).entries()) {
      const end = shard.groups[i + 1] as number;
      places.push({ shard, start, end, first: paths.length });
      for (const picture of await shard.read(image, start, end)) {
        paths.push(isRecord(picture) && typeof picture['path'] === 'string' ? picture['path'] : null);
      }
      if (label === undefined) continue;
      for (const value of await shard.read(label, start, end)) labels.push(value as LabelValue | null);
    }
  }
  const haveNames = paths.every((path) => path !== null) && new Set(paths).size === paths.length;
  const held = new Map<number, Promise<readonly unknown[]>>();
  const bytesOf = async (row: number): Promise<Uint8Array> => {
    const at = places.findLastIndex(({ first }) => first <= row);
    const { shard, start, end, first } = places[at] as (typeof places)[number];
    const reading = held.get(at) ?? shard.read(image, start, end);
    held.delete(at);
    held.set(at, reading);
    if (held.size > 2) held.delete(held.keys().next().value as number);
    const picture = (await reading)[row - first];
    const bytes = isRecord(picture) && !(picture instanceof Uint8Array) ? picture['bytes'] : picture;
    if (bytes instanceof Uint8Array) return bytes;
    throw new VogError(
      'IMAGE_BROKEN',
      'The row has no bytes of a picture. If it names a file, keep the pictures in the table: datasets embeds them on push_to_hub.',
    );
  };
  return { ids: haveNames ? (paths as string[]) : paths.map((_, row) => String(row)), labels, bytesOf };
}

/** Names of classes, as datasets writes them into the file. */
function classNamesIn({ facts }: ParquetFile, label: string): readonly string[] | undefined {
  let known: unknown;
  try {
    known = parseJson(facts['huggingface'] ?? '{}');
  } catch {
    return undefined;
  }
  for (const key of ['info', 'features', label, 'names']) known = isRecord(known) ? known[key] : undefined;
  const isList = Array.isArray(known) && known.length > 0 && known.every((name) => typeof name === 'string');
  return isList ? (known as string[]) : undefined;
}
