import { VogError } from '@vogjs/base';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import type { ColumnSource } from 'hyparquet-writer';
import { absent, type RunStorage } from '../storage/storage.js';
import { tooNew } from '../storage/versioned.js';

/** A column on its way into a file. */
export type TableColumn = ColumnSource;

/** Rows that are written together: a reader of a few rows reads one group of them. */
const GROUP_ROWS = 65_536;

/** Columns as Parquet: floats plain, so that -0 and NaN stay what they are; uncompressed floats, since they do not shrink. */
export async function encodeColumns(
  columns: readonly TableColumn[],
  facts: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  // Loaded when something is written: a page that only reads does not carry it.
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const buffer = parquetWriteBuffer({
    columnData: columns.map((column) =>
      column.data instanceof Float32Array
        ? { type: 'FLOAT', nullable: false, encoding: 'PLAIN', codec: 'UNCOMPRESSED', statistics: false, ...column }
        : column,
    ),
    rowGroupSize: GROUP_ROWS,
    kvMetadata: Object.entries(facts).map(([key, value]) => ({ key: `vogjs.${key}`, value })),
    createdBy: 'vogjs',
  });
  return new Uint8Array(buffer);
}

/** A Parquet file of a run, read column by column. */
export interface Table {
  readonly rows: number;
  readonly columnNames: readonly string[];
  /** What `encodeColumns` was told beside the columns. */
  readonly facts: Readonly<Record<string, string>>;
  /** One column, whole, or rows `start` to `end - 1` of it. */
  column(name: string, range?: { readonly start: number; readonly end: number }): Promise<ArrayLike<unknown>>;
}

/**
 * Opens a Parquet file without reading its rows.
 *
 * @throws VogError RUN_ABSENT without such a file, RUN_INVALID for a damaged one
 */
export async function openTable(storage: RunStorage, name: string): Promise<Table> {
  const byteLength = await storage.size(name);
  if (byteLength === null) throw absent(storage.place, name);
  const { parquetMetadataAsync, parquetRead } = await import('hyparquet');
  const file: AsyncBuffer = {
    byteLength,
    slice: async (start, end = byteLength) => {
      const from = start < 0 ? byteLength + start : start;
      const bytes = await storage.read(name, { start: from, end });
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
  const damaged = (error: unknown): VogError =>
    error instanceof VogError
      ? error
      : new VogError(
          'RUN_INVALID',
          `${name} of ${storage.place} is damaged: ${error instanceof Error ? error.message : String(error)}. ` +
            'Restore it from a copy, or make the run again.',
          { cause: error },
        );
  let metadata: FileMetaData;
  try {
    // The footer of a table of 100 columns is about 60 kB: no need for more in the first read.
    metadata = await parquetMetadataAsync(file, { initialFetchSize: 2 ** 17 });
  } catch (error) {
    throw damaged(error);
  }
  const rows = Number(metadata.num_rows);
  // A name that is damaged away is undefined, whatever the type says.
  const columnNames = metadata.schema.slice(1).map(({ name: own }) => own as string | undefined);
  if (!columnNames.every((own) => typeof own === 'string')) throw damaged(new Error('a column has no name'));
  const facts = factsOf(metadata);
  const { version = '1' } = facts;
  if (version !== '1') throw tooNew(storage.place, name, version, 1);
  return {
    rows,
    columnNames,
    facts,
    async column(column, range = { start: 0, end: rows }) {
      if (!columnNames.includes(column)) {
        throw new VogError('ARGUMENT_INVALID', `${name} has no column '${column}'. It has: ${columnNames.join(', ')}.`);
      }
      const { start, end } = range;
      let values: unknown[] | Float32Array | Int32Array | undefined;
      let read = 0;
      try {
        await parquetRead({
          file,
          metadata,
          columns: [column],
          rowStart: start,
          rowEnd: end,
          onChunk: ({ columnData, rowStart, rowEnd }) => {
            values ??= arrayLike(columnData, end - start);
            const from = Math.max(start, rowStart);
            const to = Math.min(end, rowEnd);
            for (let row = from; row < to; row++) values[row - start] = columnData[row - rowStart] as never;
            read += Math.min(to - from, columnData.length - (from - rowStart));
          },
        });
      } catch (error) {
        throw damaged(error);
      }
      // Groups of rows may say that they are fewer than the file says.
      if (read !== end - start) throw damaged(`'${column}' has ${read} of ${end - start} rows`);
      return values ?? [];
    },
  };
}

function factsOf({ key_value_metadata: entries = [] }: FileMetaData): Record<string, string> {
  // A damaged file can have entries without a key.
  const own = entries.filter(
    ({ key }: { readonly key?: unknown }) => typeof key === 'string' && key.startsWith('vogjs.'),
  );
  return Object.fromEntries(own.map(({ key, value }) => [key.slice('vogjs.'.length), String(value ?? '')]));
}

function arrayLike(sample: ArrayLike<unknown>, length: number): unknown[] | Float32Array | Int32Array {
  if (sample instanceof Float32Array) return new Float32Array(length);
  if (sample instanceof Int32Array) return new Int32Array(length);
  return new Array<unknown>(length).fill(null);
}
