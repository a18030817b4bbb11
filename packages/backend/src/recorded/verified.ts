import type { Binding } from '../native/native-backend.js';
import { hasFunctions } from './functions.js';
import type { Trace } from './trace.js';

/** Recordings that are remembered: of a sweep over models, of folds, of a tracker and the detectors after it. */
const MOST = 16;

interface Verified {
  readonly trace: Trace;
  /** Loaded as a function, not as a saved model. */
  readonly asFunction: boolean;
}

/** By add-on, the latest first. */
const verified = new WeakMap<Binding, readonly Verified[]>();

/**
 * Recordings of this process that agreed with the operations one by one: who meets one again need not compute its first
 * chunk twice. Nothing of TensorFlow's is held by them.
 */
export function verifiedOn(binding: Binding): readonly Trace[] {
  const asFunction = hasFunctions(binding);
  const known = verified.get(binding) ?? [];
  return known.filter((each) => each.asFunction === asFunction).map(({ trace }) => trace);
}

export function rememberVerified(binding: Binding, trace: Trace): void {
  const others = (verified.get(binding) ?? []).filter((each) => each.trace !== trace);
  verified.set(binding, [{ trace, asFunction: hasFunctions(binding) }, ...others].slice(0, MOST));
}
