import { collectResources, type ProbeOptions } from '@vogjs/core';
import { defineMonitor, fits, type OptionsOf, positive } from '@vogjs/core/plugin';
import { runnerUpLead } from './runner-up-lead.js';

export type CloseCallsOptions = OptionsOf<typeof closeCallsMonitor>;

/** Watches examples that are not scored: the share of them that the model nearly calls something else. */
export const closeCallsMonitor = defineMonitor({
  name: 'close-calls',
  call: 'closeCallsMonitor',
  figures: ['share'],
  options: {
    inputs: fits<ProbeOptions['inputs']>('inputs, as those of a tracker', (value) => value !== null)
      .required()
      .about('Examples to watch, such as a validation set.'),
    close: positive().default(1).about('A lead below this counts as a close call, in logits.'),
  },
  watch: ({ inputs, close }) => ({
    checkpoint: async (model) => {
      const { lead } = await collectResources(model, { inputs }, { lead: runnerUpLead() });
      return { share: lead.data.filter((value) => value < close).length / lead.data.length };
    },
  }),
});
