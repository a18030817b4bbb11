import { refuseUnknownKeys, VogError } from '@vogjs/base';
import type { OodConventions } from './conventions.js';
import { oodPresets, type OodPreset } from './presets.js';
import type { OodDirection } from './sides.js';

/** Options of `evaluateOod`. */
export interface OodOptions extends Partial<OodConventions> {
  /** The out-of-distribution end of bare numbers; 'low' (a confidence) unless told. Scores of a detector know theirs. */
  readonly oodDirection?: OodDirection;
  /** The conventions of a publication by name, in place of the single options. */
  readonly preset?: OodPreset;
}

const choices = {
  tprRule: ['reached', 'nearest'],
  positive: ['in', 'ood'],
  interpolation: ['average-precision', 'trapezoid', 'balanced'],
  prior: ['balanced', 'empirical'],
} as const;

/** The option names that {@link readConventions} reads. */
export const conventionNames: readonly string[] = ['tpr', ...Object.keys(choices), 'preset'];

/** Options with every choice made, and checked. */
export function readConventions(
  options: Partial<OodConventions> & { readonly preset?: OodPreset },
): OodConventions & { readonly preset: OodPreset | null } {
  const { preset } = options;
  if (preset !== undefined && !Object.hasOwn(oodPresets, preset)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `preset is ${JSON.stringify(preset)}; it must be one of ${Object.keys(oodPresets).join(', ')}.`,
    );
  }
  const given = Object.entries(options).filter(([name, value]) => name !== 'preset' && value !== undefined);
  const named = given.filter(([name]) => conventionNames.includes(name));
  if (preset !== undefined && named.length > 0) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `The preset '${preset}' settles ${named.map(([name]) => name).join(', ')}. Leave one of them out, or start from ` +
        `the preset's own values: { ...oodPresets${preset === 'outlier-exposure' ? `['${preset}']` : `.${preset}`}, … }.`,
    );
  }
  const conventions: OodConventions = { ...oodPresets[preset ?? 'vog'], ...Object.fromEntries(named) };
  requireShare('tpr', conventions.tpr);
  for (const [name, allowed] of Object.entries(choices)) {
    const value: string = conventions[name as keyof typeof choices];
    if ((allowed as readonly string[]).includes(value)) continue;
    throw new VogError(
      'ARGUMENT_INVALID',
      `${name} is ${JSON.stringify(value)}; it must be ${allowed.map((choice) => `'${choice}'`).join(' or ')}.`,
    );
  }
  const { tpr, tprRule, positive, interpolation, prior } = conventions;
  return { tpr, tprRule, positive, interpolation, prior, preset: preset ?? null };
}

/** Refuses a share that does not lie in (0, 1]. */
export function requireShare(name: string, share: number): void {
  if (typeof share === 'number' && share > 0 && share <= 1) return;
  throw new VogError('ARGUMENT_INVALID', `${name} is ${String(share)}; it must lie in (0, 1]. 95 % is 0.95.`);
}

/** Refuses an option of `evaluateOod` that nothing reads. */
export function refuseUnknownOptions(where: string, options: object, more: readonly string[] = []): void {
  refuseUnknownKeys(where, options, ['oodDirection', ...conventionNames, ...more]);
}
