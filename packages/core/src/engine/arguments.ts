import * as tf from '@tensorflow/tfjs';
import { anything, type Check, checkArgument, checkOf, checkOptions, integer, record } from '@vogjs/base';
import { checkLogitsOptions } from '../model/logits-options.js';
import { Probe, type ProbeOptions } from '../probe/probe.js';

/** What can stand for a model; one of another copy of tfjs is told so where it is bound. */
const model = checkOf(
  'a tf.LayersModel, a tf.GraphModel or a function from inputs to logits',
  (value) =>
    typeof value === 'function' ||
    value instanceof tf.LayersModel ||
    value instanceof tf.GraphModel ||
    typeof (value as { predict?: unknown } | null | undefined)?.predict === 'function',
);

/** Options of every pass over examples. */
const PASS: Readonly<Record<string, Check>> = { chunkSize: integer(1), logits: record };

/**
 * Refuses what is no model.
 *
 * @throws VogError LOGITS_UNRESOLVED
 */
export function checkModelArgument(where: string, value: unknown): void {
  checkArgument(where, 'the model', value, model, 'LOGITS_UNRESOLVED');
}

/** The options of a pass, and those that a function adds. */
export function checkPassOptions(where: string, options: unknown, more: Readonly<Record<string, Check>> = {}): void {
  checkOptions(where, options, { ...PASS, ...more });
  const { logits } = options as { readonly logits?: unknown };
  if (logits !== undefined) checkLogitsOptions(logits);
}

/**
 * The examples of a pass, checked as far as they can be without reading them.
 *
 * @throws VogError ARGUMENT_INVALID, PROBE_EMPTY, INPUT_SHAPE, INPUT_NOT_FINITE, IDS_DUPLICATE, LABEL_INVALID
 */
export function checkedProbe(where: string, options: ProbeOptions): Probe {
  checkOptions(where, options, { inputs: anything, labels: anything, ids: anything, classNames: anything });
  return new Probe(options);
}
