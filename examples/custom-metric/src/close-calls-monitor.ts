import { collectResources, type Monitor, type ProbeOptions, refuseUnknownKeys } from '@vogjs/core';
import { runnerUpLead } from './runner-up-lead.js';

export interface CloseCallsOptions {
  /** Name among the monitors of a tracker. Default `'close-calls'`. */
  readonly name?: string;
  /** Examples to watch, such as a validation set. */
  readonly inputs: ProbeOptions['inputs'];
  /** A lead below this counts as a close call, in logits. Default 1. */
  readonly close?: number;
}

/** Watches examples that are not scored: the share of them that the model nearly calls something else. */
export function closeCallsMonitor(options: CloseCallsOptions): Monitor {
  refuseUnknownKeys('closeCallsMonitor', options, ['name', 'inputs', 'close']);
  const { name = 'close-calls', inputs, close = 1 } = options;
  return {
    name,
    figures: ['share'],
    checkpoint: async (model) => {
      const { lead } = await collectResources(model, { inputs }, { lead: runnerUpLead });
      return { share: lead.data.filter((value) => value < close).length / lead.data.length };
    },
  };
}
