export { writeFileAtomically } from '../engine/files.js';
export {
  type SelectOptions,
  BACKEND_NAMES,
  selectBackend,
  type BackendName,
  type SelectedBackend,
} from './select-backend.js';
