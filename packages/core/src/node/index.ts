export { type ByteSink, type ByteSource, withFile } from '../engine/files.js';
export { replaceFile, writeFileAtomically } from '../engine/replace-file.js';
export {
  type SelectOptions,
  BACKEND_NAMES,
  selectBackend,
  type BackendName,
  type SelectedBackend,
} from '@vogjs/backend/node';
