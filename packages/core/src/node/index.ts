export { writeFileAtomically } from '../engine/files.js';
export { BACKEND_NAMES, selectBackend, type BackendName, type SelectedBackend } from './select-backend.js';
