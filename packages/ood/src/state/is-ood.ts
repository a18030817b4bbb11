import { type ProbeOptions, type ScorableModel, VogError } from '@vogjs/core';
import type { Detector } from '../detectors/detector.js';
import { checkDetectors } from '../scoring/detectors.js';
import { FittedDetectors } from '../scoring/fitted.js';
import { type ScoreOptions, scoreOod } from '../scoring/score.js';
import { decideOod, type OodDecision } from '../threshold/decision.js';
import { readThreshold } from '../threshold/reading.js';
import type { OodThreshold } from '../threshold/threshold.js';

/**
 * Decides for each example whether it is out-of-distribution: scores it by the threshold's detector, and compares.
 *
 * ```ts
 * const fitted = loadDetectors(await readFile('detectors.safetensors'), [knn()]);
 * const threshold = readThreshold(await readFile('threshold.json', 'utf8'));
 * const [first] = await isOod(model, { inputs }, fitted, threshold);   // { isOod, score, pValue }
 * ```
 *
 * @param detectors a fit that has the threshold's detector, or a list with it when it needs no fit
 * @param threshold of `calibrateThreshold` or `readThreshold`; it is checked
 * @returns one decision per example, in their order
 * @throws VogError as `scoreOod` and `readThreshold`; STATE_MISMATCH when the detector is not among those given
 */
export async function isOod(
  model: ScorableModel,
  examples: ProbeOptions,
  detectors: readonly Detector[] | FittedDetectors,
  threshold: OodThreshold,
  options: ScoreOptions = {},
): Promise<OodDecision[]> {
  const checked = readThreshold(threshold);
  const isFitted = detectors instanceof FittedDetectors;
  checkDetectors('isOod', isFitted ? detectors.detectors : detectors);
  const chosen = detectorFor(checked, isFitted ? detectors.detectors : detectors);
  const only = isFitted
    ? new FittedDetectors([chosen], detectors.states, detectors.modelFingerprint, detectors.preprocessing)
    : [chosen];
  const scores = await scoreOod(model, examples, only, options);
  return decideOod(checked, scores[chosen.name]!);
}

/** The detector that the threshold names; of a threshold of bare numbers, the only one. */
function detectorFor({ detector: wanted }: OodThreshold, detectors: readonly Detector[]): Detector {
  const found =
    wanted === null && detectors.length === 1 ? detectors[0] : detectors.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw new VogError(
    'STATE_MISMATCH',
    `The threshold was calibrated for ${wanted === null ? 'bare numbers, of no named detector' : `detector '${wanted}'`}; given: ${detectors.map(({ name }) => name).join(', ')}. ` +
      'Give that detector, or calibrate a threshold for the one you have.',
  );
}
