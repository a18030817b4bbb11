import { type ErrorCode, hasOwnCode, located, type PluginName, VogError } from '@vogjs/base';

/** A call of a plugin's hook, for the error that it may end in. */
export interface Attempt {
  readonly plugin: PluginName;
  readonly hook: string;
  /** Index of the checkpoint, where there is one. */
  readonly checkpoint?: number | undefined;
  /** Code of what goes wrong: METRIC_FAILED, … */
  readonly code: ErrorCode;
  /** When it was, in place of hook and checkpoint: `'before training'`. */
  readonly when?: string;
  /** Which errors are passed on as they are, told only where they came from. Default: those with a plugin's own code. */
  readonly passes?: (error: unknown) => error is VogError;
}

/** Runs a hook. What it throws becomes an error that names plugin, hook and checkpoint. */
export function attempt<T>(of: Attempt, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw failureOf(of, error);
  }
}

/** The error for what a hook threw. */
export function failureOf(of: Attempt, thrown: unknown): VogError {
  const { passes = hasOwnCode } = of;
  if (passes(thrown)) return located(thrown, of);
  return failure(of, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

/** The error for what a hook did wrong without throwing. */
export function failure(of: Attempt, problem: string, origin: { readonly cause?: unknown } = {}): VogError {
  const { plugin, hook, checkpoint, code } = of;
  const { when = `in ${hook}${checkpoint === undefined ? '' : ` at checkpoint ${checkpoint}`}` } = of;
  const kind = `${plugin.kind.charAt(0).toUpperCase()}${plugin.kind.slice(1)}`;
  return new VogError(code, `${kind} '${plugin.name}' failed ${when}: ${problem}`, {
    plugin,
    hook,
    checkpoint,
    ...origin,
  });
}
