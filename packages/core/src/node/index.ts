export { selectBackend, type BackendName, type SelectedBackend } from './select-backend.js';
