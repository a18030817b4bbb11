import { collectResources, type Monitor, type ProbeOptions } from '@vogjs/core';
import { declareOptions, fits, type InputOf, positive, text } from '@vogjs/core/plugin';
import { runnerUpLead } from './runner-up-lead.js';

const options = declareOptions('closeCallsMonitor', {
  name: text().default('close-calls').about('Name among the monitors of a tracker.'),
  inputs: fits<ProbeOptions['inputs']>('inputs, as those of a tracker', (value) => value !== null)
    .required()
    .about('Examples to watch, such as a validation set.'),
  close: positive().default(1).about('A lead below this counts as a close call, in logits.'),
});

export type CloseCallsOptions = InputOf<typeof options.entries>;

/** Watches examples that are not scored: the share of them that the model nearly calls something else. */
export function closeCallsMonitor(given: CloseCallsOptions): Monitor {
  const { name, inputs, close } = options.resolve(given);
  return {
    name,
    figures: ['share'],
    checkpoint: async (model) => {
      const { lead } = await collectResources(model, { inputs }, { lead: runnerUpLead() });
      return { share: lead.data.filter((value) => value < close).length / lead.data.length };
    },
  };
}
