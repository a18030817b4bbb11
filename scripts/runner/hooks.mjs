// Module resolution inside a test process: `uvu` is the observed one, for everybody but itself.
const observed = new URL('./uvu.mjs', import.meta.url).href;

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  if (specifier === 'uvu' && context.parentURL !== observed) return { url: observed, shortCircuit: true };
  return nextResolve(specifier, context);
}
