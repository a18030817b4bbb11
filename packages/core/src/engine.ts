// Parts of the engine, for packages and benchmarks that build on it.
export { repairBackend } from '@vogjs/backend/repair';
export { pushComposed } from './moments/running-moments.js';
