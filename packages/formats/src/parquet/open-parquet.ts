import { VogError } from '@vogjs/base';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { withFile } from '../files/files.js';
import { bytesOfFile, type FileOrBytes } from '../tables/file-bytes.js';

/** A Parquet file, of which nothing but the footer has been read. */
export interface ParquetFile {
  /** What to call it in messages. */
  readonly name: string;
  readonly rows: number;
  /** First row of each group of rows, and after them the number of rows. */
  readonly groups: readonly number[];
  /** Top-level columns. */
  readonly columns: readonly { readonly name: string }[];
  /** Free text of the file, by key. */
  readonly facts: Readonly<Record<string, string>>;
  /** Values of a column in rows `start` to `end`, which are whole groups; null for none. */
  read(column: string, start: number, end: number): Promise<readonly unknown[]>;
}

/** Opens a Parquet file. @throws VogError FORMAT_INVALID, FILE_FAILED */
export async function openParquet(where: string, given: FileOrBytes): Promise<ParquetFile> {
  const { file, name } = await bufferOf(where, given);
  const damaged = (error: unknown): VogError => {
    if (error instanceof VogError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new VogError('FORMAT_INVALID', `${name} cannot be read as Parquet: ${reason}. Write or download it again.`, {
      cause: error,
    });
  };
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
  } catch (error) {
    throw damaged(error);
  }
  const groups = [0];
  for (const group of metadata.row_groups) groups.push((groups.at(-1) as number) + Number(group.num_rows));
  return {
    name,
    rows: groups.at(-1) as number,
    groups,
    columns: parquetSchema(metadata).children.map(({ element }) => ({ name: element.name })),
    facts: Object.fromEntries(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [String(key), String(value ?? '')]),
    ),
    async read(column, start, end) {
      const values: unknown[] = [];
      let count = 0;
      try {
        await parquetRead({
          file,
          metadata,
          columns: [column],
          rowStart: start,
          rowEnd: end,
          compressors,
          // Bytes that are not told to be text stay bytes: pictures are among them.
          utf8: false,
          onChunk: ({ columnData, rowStart }) => {
            count += columnData.length;
            for (let i = 0; i < columnData.length; i++) values[rowStart - start + i] = columnData[i] ?? null;
          },
        });
      } catch (error) {
        throw damaged(error);
      }
      // Groups of rows may say that they are more or fewer than they are.
      if (count !== end - start) throw damaged(`'${column}' has ${count} of ${end - start} rows`);
      return values;
    },
  };
}

async function bufferOf(where: string, given: FileOrBytes): Promise<{ file: AsyncBuffer; name: string }> {
  if (typeof given !== 'string' || given === '') {
    const { bytes, name } = await bytesOfFile(where, given);
    const slice = (start: number, end?: number): ArrayBuffer => new Uint8Array(bytes.subarray(start, end)).buffer;
    return { file: { byteLength: bytes.length, slice }, name };
  }
  const size = await withFile(given, async (source) => source.size);
  return {
    name: `'${given}'`,
    file: {
      byteLength: size,
      // Opened for each stretch: nothing is left open, however long the table lives.
      slice: (start, end = size) =>
        withFile(given, async (source) => {
          const from = start < 0 ? size + start : start;
          const out = new Uint8Array(Math.max(0, Math.min(end, size) - from));
          await source.read(from, out);
          return out.buffer;
        }),
    },
  };
}
