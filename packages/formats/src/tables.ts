// Tables of text and Parquet, typed, and made into what a network takes.
export type { FileOrBytes } from './tables/file-bytes.js';
export { type LabelTable, type LabelTableOptions, readLabelTable } from './tables/label-table.js';
export type { ReadingNote, ReadingNoteCode } from './notes/notes.js';
