import { record, shown } from '@vogjs/base';
import { anyOf, declareOptions, type InputOf, oneOf, positive } from '@vogjs/base/options';
import { VogError, yieldToHost } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

const HOOKS = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onYield',
] as const;
const FUNCTIONS = [...HOOKS, 'nowFunc', 'nextFrameFunc'] as const;

const declared = declareOptions('asCallback', {
  yieldEvery: anyOf(oneOf('auto', 'batch', 'epoch', 'never'), positive())
    .default('auto')
    .about('How often `onYield` is called, as for `fit`; auto is every 125 ms, a number milliseconds.'),
});

/** Options of `asCallback`. */
export type AsCallbackOptions = InputOf<typeof declared.entries>;

/**
 * Makes a plain object of hooks a callback instance, which can stand in any list. Beside a callback of ours `fit` and
 * `fitDataset` do this by themselves; a list of plain objects and instances of tfjs alone needs it.
 *
 * ```ts
 * callbacks: [tf.callbacks.earlyStopping(), asCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs?.loss) })]
 * ```
 *
 * Hooks get numbers in their logs, and are called on the object they came with. `onBatchEnd` costs a device read per
 * batch, as it does in tfjs.
 *
 * @throws VogError ARGUMENT_INVALID for what is no object of hooks, and for `onYield` with `yieldEvery: 'never'`
 */
export function asCallback(hooks: tf.CustomCallbackArgs, options: AsCallbackOptions = {}): tf.CustomCallback {
  checkHooks(hooks);
  const { yieldEvery } = declared.resolve(options);
  const bound = Object.fromEntries(
    FUNCTIONS.flatMap((name) => (hooks[name] === undefined ? [] : [[name, (hooks[name] as () => void).bind(hooks)]])),
  ) as tf.CustomCallbackArgs;
  // tfjs yields for each plain object by itself; beside ours, which yields after every batch, that is done.
  if (hooks.onYield === undefined) return new tf.CustomCallback(bound, 'never');
  if (yieldEvery === 'never') {
    throw invalid("onYield is given and yieldEvery is 'never': it would never be called. Leave one out.");
  }
  return new tf.CustomCallback({ nextFrameFunc: yieldToHost, ...bound }, yieldEvery);
}

/** Whether tfjs can call it as it is. */
export function isInstance(callback: unknown): boolean {
  if (callback instanceof tf.Callback || callback instanceof tf.CustomCallback) return true;
  // What a second copy of tfjs made, or tfjs's own History: told by the two methods that plain objects lack.
  const { setParams, setModel } = (callback ?? {}) as Record<string, unknown>;
  return typeof setParams === 'function' && typeof setModel === 'function';
}

function checkHooks(hooks: unknown): void {
  if (!record.holds(hooks)) {
    throw invalid(`a callback must be an object of hooks, such as { onEpochEnd }; got ${shown(hooks)}.`);
  }
  const given = hooks as Record<string, unknown>;
  const misspelt = Object.keys(given).find(
    (key) => /^on[A-Z]/.test(key) && !(HOOKS as readonly string[]).includes(key),
  );
  if (misspelt !== undefined) throw invalid(`fit calls no hook '${misspelt}'. It calls: ${HOOKS.join(', ')}.`);
  const wrong = FUNCTIONS.find((name) => given[name] !== undefined && typeof given[name] !== 'function');
  if (wrong !== undefined) throw invalid(`${wrong} must be a function; got ${typeof given[wrong]}.`);
}

function invalid(problem: string): VogError {
  return new VogError('ARGUMENT_INVALID', `callbacks: ${problem}`);
}
