export type { CoreErrorCode } from '../error-codes.js';
export { repairBackend } from '@vogjs/backend/repair';
export {
  type ByteSink,
  type ByteSource,
  replaceFile,
  type ReplaceOptions,
  withFile,
  writeFileAtomically,
} from '@vogjs/formats/files';
export {
  type SelectOptions,
  BACKEND_NAMES,
  selectBackend,
  type BackendName,
  type SelectedBackend,
} from '@vogjs/backend/node';
