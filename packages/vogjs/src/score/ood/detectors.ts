import { nearestName, VogError } from '@vogjs/base';
import type { Metric } from '@vogjs/core';
import { allDetectors, type Detector, vogOodMetrics } from '@vogjs/ood';

/** Taken where none is named: what costs nothing, and what this package is about. */
const USUAL = ['msp', 'energy', 'vog'];

/** What scores the sets. */
export interface ChosenDetectors {
  /** In the order asked for, which the pages keep. */
  readonly names: readonly string[];
  /** Those of the last checkpoint alone. */
  readonly last: readonly Detector[];
  /** Those of all checkpoints: metrics whose hard end is out-of-distribution. */
  readonly trajectory: readonly Metric[];
}

/** @throws VogError DETECTOR_UNKNOWN, with the nearest name */
export function chooseDetectors(asked: readonly string[] = USUAL): ChosenDetectors {
  const names = [...new Set(asked)];
  const last = allDetectors.map((make) => make({}));
  const trajectory = vogOodMetrics().filter(({ name }) => name !== 'predicted-label');
  const known = [...last, ...trajectory].map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new VogError(
      'DETECTOR_UNKNOWN',
      `There is no detector '${unknown}'. Nearest: '${nearestName(unknown, known)}'. Known: ${known.join(', ')}.`,
    );
  }
  const isAsked = ({ name }: { readonly name: string }): boolean => names.includes(name);
  return { names, last: last.filter(isAsked), trajectory: trajectory.filter(isAsked) };
}
