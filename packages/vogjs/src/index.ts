export type { VogjsErrorCode } from './error-codes.js';
export { runCommandLine } from './command-line.js';
