export { writeFileAtomically } from '../engine/files.js';
export { selectBackend, type BackendName, type SelectedBackend } from './select-backend.js';
