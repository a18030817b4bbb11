// Files of any size, replaced whole or not at all. Loads in a page too: there every call says that it has no files.
export type { FormatsErrorCode } from './error-codes.js';
export {
  type ByteSink,
  type ByteSource,
  fileStep,
  nodeFiles,
  PIECE_BYTES,
  sourceOfBytes,
  withFile,
} from './files/files.js';
export { replaceFile, type ReplaceOptions, writeFileAtomically } from './files/replace-file.js';
export { isOwnerDead, ownerMark } from './files/temporary-files.js';
