export { VogError, type ErrorCode, type ErrorOrigin } from './errors.js';
