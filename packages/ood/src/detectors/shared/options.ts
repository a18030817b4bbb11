import { refuseUnknownKeys, VogError } from '@vogjs/core';

/** Options that every detector takes. */
export interface NameOption<Name extends string> {
  /** Name among the detectors of a call; by default the detector's own. Needed for two variants of one detector. */
  readonly name?: Name;
}

/** Where a detector's features come from. */
export interface LayerOption {
  /**
   * Layer or node whose output to use, feature maps `[h, w, c]` averaged over h and w. Default: the penultimate
   * features, which the last linear layer takes.
   */
  readonly layer?: string;
}

/** Temperature of the softmax. */
export interface TemperatureOption {
  /** T > 0; logits are divided by it. */
  readonly temperature?: number;
}

/** Refuses unknown options and a name or layer that is no name. */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new VogError('ARGUMENT_INVALID', `${where} takes an object of options; got ${String(options)}.`);
  }
  refuseUnknownKeys(where, options, ['name', ...known]);
  const { name } = options as NameOption<string>;
  if (name !== undefined && typeof name !== 'string') throw invalid(where, 'name', 'a string', name);
  const { layer } = options as LayerOption;
  if (layer !== undefined && (typeof layer !== 'string' || layer === '')) {
    throw invalid(where, 'layer', 'the name of a layer', layer);
  }
}

/** Refuses a number outside `(above, …)`, or that is none. */
export function checkAbove(where: string, option: string, value: number, above: number): void {
  if (typeof value === 'number' && value > above && Number.isFinite(value)) return;
  throw invalid(where, option, `a finite number above ${above}`, value);
}

/** Refuses a number below `least`, or that is none. */
export function checkAtLeast(where: string, option: string, value: number, least: number): void {
  if (typeof value === 'number' && value >= least && Number.isFinite(value)) return;
  throw invalid(where, option, `a finite number, at least ${least}`, value);
}

/** Refuses what is no whole number of at least 1. */
export function checkCount(where: string, option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw invalid(where, option, 'a whole number of at least 1', value);
}

/** The error for an option that is not what it must be. */
export function invalid(where: string, option: string, expected: string, value: unknown): VogError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return new VogError('ARGUMENT_INVALID', `${where}: ${option} must be ${expected}; got ${shown}.`);
}
