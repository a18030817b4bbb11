import { refuseUnknownKeys } from '@vogjs/core';
import { type Detector, defineDetector } from '@vogjs/ood';
import { runnerUpLead } from './runner-up-lead.js';

export interface LeadDetectorOptions<Name extends string = string> {
  /** Name among the detectors of a call. Default `'lead'`. */
  readonly name?: Name;
}

/** The lead of the first choice over the second as a detector: low = out-of-distribution. Nothing to fit. */
export function leadDetector<const Name extends string = 'lead'>(
  options: LeadDetectorOptions<Name> = {},
): Detector<Name> {
  refuseUnknownKeys('leadDetector', options, ['name']);
  return defineDetector({
    name: options.name ?? ('lead' as Name),
    oodDirection: 'low',
    requires: { lead: runnerUpLead },
    score: ({ lead }) => lead,
  });
}
