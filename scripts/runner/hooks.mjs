// Module resolution inside a test process: `uvu` is the observed one, for everybody but itself, and TensorFlow.js the
// module that names its exports.
const observed = new URL('./uvu.mjs', import.meta.url).href;
/** @type {{ original: string, named: string } | null} */
let tensorflow = null;

/** @param {{ tensorflow: typeof tensorflow }} data */
export function initialize(data) {
  ({ tensorflow } = data);
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  if (specifier === 'uvu' && context.parentURL !== observed) return { url: observed, shortCircuit: true };
  const resolved = await nextResolve(specifier, context);
  if (specifier === '@tensorflow/tfjs' && resolved.url === tensorflow?.original) {
    return { url: tensorflow.named, format: 'module', shortCircuit: true };
  }
  return resolved;
}
