import type { ErrorCode } from './error-codes.js';

/** What kinds of plugins there are. */
export type PluginKind = 'metric' | 'resource' | 'detector' | 'monitor' | 'callback' | 'reader';

/** The plugin that is to blame for an error. */
export interface PluginName {
  readonly kind: PluginKind;
  readonly name: string;
}

/** Where an error came from, as far as it is known. */
export interface ErrorOrigin {
  /** The plugin that failed. */
  readonly plugin?: PluginName | undefined;
  /** The plugin's hook, such as a metric's `init`, `update`, `compute` or `merge`. */
  readonly hook?: string | undefined;
  /** Index of the checkpoint, counted from 0. */
  readonly checkpoint?: number | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * The only error that VoG.js throws on purpose. `code` says what is wrong for programs; the message says what was
 * wrong, what was expected and what to do, for people. Plugins throw it with codes of their own: `my-metric/NO_MASK`.
 */
export class VogError extends Error {
  override readonly name = 'VogError';
  readonly code: ErrorCode;
  readonly plugin: PluginName | undefined;
  /** The plugin's name where it is a metric. */
  readonly metric: string | undefined;
  readonly hook: string | undefined;
  readonly checkpoint: number | undefined;

  constructor(code: ErrorCode, message: string, origin: ErrorOrigin = {}) {
    super(message, 'cause' in origin ? { cause: origin.cause } : undefined);
    this.code = code;
    this.plugin = origin.plugin;
    this.metric = metricOf(origin.plugin);
    this.hook = origin.hook;
    this.checkpoint = origin.checkpoint;
  }
}

/** Whether an error is a plugin's own word, `my-metric/NO_MASK`, which no wrapper may replace by a word of ours. */
export function hasOwnCode(error: unknown): error is VogError {
  return error instanceof VogError && error.code.includes('/');
}

/**
 * Says where an error came from, in what it leaves open. It stays the same object, so that its class, code, message and
 * stack are the thrower's; what is nearer to the fault has spoken first, and stands.
 */
export function located<E extends VogError>(error: E, { plugin, hook, checkpoint }: ErrorOrigin): E {
  const known = error.plugin ?? plugin;
  // A hook belongs to the plugin that was named with it.
  const ownHook = error.hook ?? (known === plugin ? hook : undefined);
  return Object.assign(error, {
    plugin: known,
    metric: metricOf(known),
    hook: ownHook,
    checkpoint: error.checkpoint ?? checkpoint,
  });
}

function metricOf(plugin: PluginName | undefined): string | undefined {
  return plugin?.kind === 'metric' ? plugin.name : undefined;
}
