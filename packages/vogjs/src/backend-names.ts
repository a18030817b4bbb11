import type { BackendName } from '@vogjs/core/node';

/** `BACKEND_NAMES` of `@vogjs/core/node`, fastest first; these load no TensorFlow.js, which a slip in typing need not wait for. */
export const BACKENDS = [
  'tfjs-node-gpu',
  'tfjs-node',
  'webgpu',
  'wasm',
  'cpu',
] as const satisfies readonly BackendName[];
