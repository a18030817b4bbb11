// Tables of text and Parquet, typed, and made into what a network takes.
export type { FormatsErrorCode } from './error-codes.js';
export type { FileOrBytes } from './tables/file-bytes.js';
export { type LabelTable, type LabelTableOptions, readLabelTable } from './tables/label-table.js';
export { type CsvOptions, readCsv } from './tables/read-csv.js';
export type { Column, ColumnType, NumberColumn, Table, TextColumn } from './tables/table.js';
export {
  encodeTable,
  type EncodedTable,
  type EncodeOptions,
  tableEncoder,
  type TableEncoder,
} from './encode/encode-table.js';
export type { TableEncoderJson } from './encode/parts.js';
export type { EncodedCategories, EncodedInputs, EncodedTokens } from './encode/transform.js';
export { type ParquetOptions, readParquet } from './parquet/read-parquet.js';
export type { ReadingNote, ReadingNoteCode } from './notes/notes.js';
