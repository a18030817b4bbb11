import * as tf from '@tensorflow/tfjs';
import { callable, type Check, checkArgument, checkOf, checkOptions, integer, record } from '@vogjs/base';
import { checkLogitsOptions } from '../model/logits-options.js';
import type { ProvidedForPass } from './provided.js';

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
const PASS: Readonly<Record<string, Check>> = {
  chunkSize: integer(1),
  logits: record,
  onProgress: callable,
  provide: record,
};

/** What a replacement for a part of a pass must be able to do. */
const ABLE: Readonly<Record<keyof ProvidedForPass, readonly string[]>> = {
  modelAdapter: ['bind'],
  gradientEngine: ['run'],
  clock: ['now'],
  logger: ['warn'],
};

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
  const { logits, provide } = options as { readonly logits?: unknown; readonly provide?: unknown };
  if (logits !== undefined) checkLogitsOptions(logits);
  if (provide !== undefined) checkProvided(provide);
}

/**
 * Refuses replacements that cannot do their part.
 *
 * @param more other parts than those of a pass, and the methods that they need
 * @throws VogError ARGUMENT_INVALID
 */
export function checkProvided(provide: unknown, more: Readonly<Record<string, readonly string[]>> = {}): void {
  const checks = Object.entries({ ...ABLE, ...more }).map(([name, methods]): [string, Check] => [
    name,
    checkOf(
      `an object with ${methods.join(', ')}`,
      // Every function has a bind of its own.
      (value) =>
        typeof value === 'object' &&
        methods.every(
          (method) => typeof (value as Record<string, unknown> | null | undefined)?.[method] === 'function',
        ),
    ),
  ]);
  checkOptions('provide', provide, Object.fromEntries(checks));
}
