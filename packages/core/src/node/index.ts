export { repairBackend } from '@vogjs/backend/repair';
export { type ByteSink, type ByteSource, withFile } from '../persistence/files.js';
export { replaceFile, writeFileAtomically } from '../persistence/replace-file.js';
export {
  type SelectOptions,
  BACKEND_NAMES,
  selectBackend,
  type BackendName,
  type SelectedBackend,
} from '@vogjs/backend/node';
