import { hashIntegers } from '@vogjs/base';
import { type GradientRequest, resourceKey } from './resource.js';

/** Keys of requests and hashes of fixed label sets: both are asked for at every chunk. */
const keys = new WeakMap<GradientRequest, string>();
const hashes = new WeakMap<Int32Array, string>();

/** Identity of an input gradient: two requests with the same key share one backward pass. */
export function gradientKey(request: GradientRequest): string {
  let key = keys.get(request);
  if (key === undefined) {
    key = keyOf(request);
    keys.set(request, key);
  }
  return key;
}

function keyOf({ activation, label, input, unit }: GradientRequest): string {
  const what =
    typeof activation === 'string' ? activation : `of:${resourceKey(activation.name, activation.parameters ?? {})}`;
  return resourceKey('inputGradient', {
    activation: what,
    label: typeof label === 'string' ? label : fixed(label),
    input,
    ...(unit === undefined ? {} : { unit }),
  });
}

function fixed(labels: Int32Array): string {
  let hash = hashes.get(labels);
  if (hash === undefined) {
    hash = `fixed:${hashIntegers(labels)}`;
    hashes.set(labels, hash);
  }
  return hash;
}
