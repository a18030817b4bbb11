import { parseJson, shown, VogError } from '@vogjs/base';
import { checkAgreement } from './agreement.js';
import { requireField } from './fields.js';
import type { OodThreshold } from './threshold.js';

const VERSION = 1;
type Fields = Record<string, unknown>;

/**
 * Reads a threshold that `calibrateThreshold` made, from its JSON or from the object that the JSON holds, and checks
 * all of it, also every number against the others. A threshold decides alone, long after anyone looked at it.
 *
 * @throws VogError FORMAT_INVALID (no JSON, or no threshold), STATE_VERSION (of a newer VoG.js), STATE_INVALID (a field
 * that is missing, or that contradicts the others)
 */
export function readThreshold(json: unknown): OodThreshold {
  const fields = parsed(json);
  if (fields['format'] !== 'vogjs-ood-threshold') {
    throw new VogError(
      'FORMAT_INVALID',
      `This is not an OoD threshold: its format is ${shown(fields['format'])}, not "vogjs-ood-threshold". ` +
        'Make one with calibrateThreshold, and save it with JSON.stringify.',
    );
  }
  if (typeof fields['version'] === 'number' && fields['version'] > VERSION) {
    throw new VogError(
      'STATE_VERSION',
      `The threshold has version ${fields['version']}; this VoG.js reads up to ${VERSION}. Update @vogjs/ood to load it.`,
    );
  }
  requireField('version', fields['version'], fields['version'] === VERSION, '1');
  const { detector, fittedState, oodDirection, threshold, rule, count } = fields;
  requireField('detector', detector, detector === null || typeof detector === 'string', 'a name or null');
  requireField('fittedState', fittedState, fittedState === null || typeof fittedState === 'string', 'a file or null');
  requireField('oodDirection', oodDirection, oodDirection === 'high' || oodDirection === 'low', "'high' or 'low'");
  requireField('threshold', threshold, Number.isFinite(threshold), 'a finite number');
  requireField('rule', rule, rule === 'achieved' || rule === 'confident', "'achieved' or 'confident'");
  requireField('count', count, isCount(count), 'a whole number of at least 1');
  checkTpr(fields['tpr']);
  checkCalibration(fields['calibration'], count as number, oodDirection === 'low' ? 1 : -1);
  const read = fields as unknown as OodThreshold;
  checkAgreement(read);
  return read;
}

function parsed(json: unknown): Fields {
  let value = json;
  if (typeof json === 'string') {
    try {
      value = parseJson(json);
    } catch (cause) {
      throw new VogError('FORMAT_INVALID', 'The threshold is not JSON, ends too early, or nests too deep.', { cause });
    }
  }
  if (ArrayBuffer.isView(value)) {
    throw new VogError('FORMAT_INVALID', "A threshold's file is text: readThreshold(await readFile(path, 'utf8')).");
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new VogError('FORMAT_INVALID', `A threshold is a JSON object; this is ${shown(value)}.`);
}

function checkTpr(value: unknown): void {
  requireField('tpr', value, typeof value === 'object' && value !== null, 'an object');
  const tpr = value as Fields;
  for (const name of ['target', 'achieved', 'low', 'high', 'confidence']) {
    const share = tpr[name];
    requireField(`tpr.${name}`, share, typeof share === 'number' && share >= 0 && share <= 1, 'from 0 to 1');
  }
  const { low, achieved, high } = tpr as Record<string, number>;
  requireField(
    'tpr.low',
    low,
    low! <= achieved! && achieved! <= high!,
    `at most achieved (${achieved}), and that at most high (${high})`,
  );
}

function checkCalibration(value: unknown, count: number, sign: 1 | -1): void {
  requireField('calibration', value, typeof value === 'object' && value !== null, 'an object');
  const { scores, atLeastAsOut, complete } = value as Fields;
  requireField('calibration.scores', scores, Array.isArray(scores) && scores.length > 0, 'a list of numbers');
  const size = (scores as unknown[]).length;
  const sameSize = Array.isArray(atLeastAsOut) && atLeastAsOut.length === size;
  requireField('calibration.atLeastAsOut', atLeastAsOut, sameSize, `a list of ${size} counts, one for each score`);
  for (let index = 0; index < size; index++) {
    const score = (scores as number[])[index]!;
    const out = (atLeastAsOut as number[])[index]!;
    const follows = index === 0 || sign * score > sign * (scores as number[])[index - 1]!;
    requireField(
      `calibration.scores[${index}]`,
      score,
      Number.isFinite(score) && follows,
      'finite, and beyond the one before',
    );
    const rises = out > (index === 0 ? 0 : (atLeastAsOut as number[])[index - 1]!);
    const ends = index < size - 1 || out === count;
    requireField(`calibration.atLeastAsOut[${index}]`, out, isCount(out) && rises && ends, `rising to ${count}`);
  }
  const fits = typeof complete === 'number' && Number.isInteger(complete) && complete >= 0 && complete <= size;
  requireField('calibration.complete', complete, fits, `from 0 to ${size}`);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
