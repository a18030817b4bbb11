import { oneOf } from '@vogjs/core/plugin';
import { defineDetector, type OptionsOfDetector } from '@vogjs/ood';
import { runnerUpLead } from './runner-up-lead.js';

export type LeadDetectorOptions = OptionsOfDetector<typeof leadDetector>;

/** The lead of the first choice over the second as a detector: low = out-of-distribution. Nothing to fit. */
export const leadDetector = defineDetector({
  name: 'lead',
  call: 'leadDetector',
  oodDirection: 'low',
  options: { of: oneOf('logits', 'probabilities').about('What the lead is taken of.') },
  requires: ({ of }) => ({ lead: runnerUpLead({ of }) }),
  score: ({ lead }) => lead,
});
