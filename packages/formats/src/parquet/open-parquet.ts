import { VogError } from '@vogjs/base';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { fileStep, nodeFiles } from '../files/files.js';
import { bytesOfFile, type FileOrBytes } from '../tables/file-bytes.js';

/** A Parquet file, of which nothing but the footer has been read. */
export interface ParquetFile {
  /** What to call it in messages. */
  readonly name: string;
  readonly rows: number;
  /** First row of each group of rows, and after them the number of rows. */
  readonly groups: readonly number[];
  /** Top-level columns. */
  readonly columns: readonly string[];
  /** Free text of the file, by key. */
  readonly facts: Readonly<Record<string, string>>;
  /** Values of some columns in rows `start` to `end`. */
  read(columns: readonly string[], start: number, end: number): Promise<Record<string, unknown>[]>;
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
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import('hyparquet');
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
    columns: parquetSchema(metadata).children.map(({ element }) => element.name),
    facts: Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ''])),
    async read(columns, start, end) {
      try {
        // Bytes that are not told to be text stay bytes: pictures are among them.
        return await parquetReadObjects({
          file,
          metadata,
          columns: [...columns],
          rowStart: start,
          rowEnd: end,
          compressors,
          utf8: false,
        });
      } catch (error) {
        throw damaged(error);
      }
    },
  };
}

async function bufferOf(where: string, given: FileOrBytes): Promise<{ file: AsyncBuffer; name: string }> {
  if (typeof given !== 'string' || given === '') {
    const { bytes, name } = await bytesOfFile(where, given);
    const slice = (start: number, end?: number): ArrayBuffer => new Uint8Array(bytes.subarray(start, end)).buffer;
    return { file: { byteLength: bytes.length, slice }, name };
  }
  const { size } = await fileStep('read', given, () => nodeFiles().stat(given));
  return {
    name: `'${given}'`,
    file: {
      byteLength: size,
      slice: (start, end = size) =>
        fileStep('read', given, async () => {
          // Opened for each stretch: nothing is left open, however long the table lives.
          const handle = await nodeFiles().open(given, 'r');
          try {
            const from = start < 0 ? size + start : start;
            const out = new Uint8Array(Math.max(0, end - from));
            let done = 0;
            while (done < out.length) {
              const { bytesRead } = await handle.read(out, done, out.length - done, from + done);
              if (bytesRead === 0) break;
              done += bytesRead;
            }
            return out.buffer.slice(0, done);
          } finally {
            await handle.close();
          }
        }),
    },
  };
}
