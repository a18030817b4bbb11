import type { GradientOptions, Words } from '@vogjs/core';

/** VoG in words, by what is differentiated. */
export function wordsOfReading(activation: NonNullable<GradientOptions['activation']>): Words {
  const what = activation === 'softmax' ? 'probability' : activation;
  return {
    title: `Variance of Gradients (VoG) of the ${what}`,
    meaning:
      `how much the pull of each input value on the example's ${what} kept changing in training. ` +
      'It settles late on rare or ambiguous examples',
  };
}

/** What goes with every score of the logit. */
export const LOGIT_NOTE = 'Low is hard, as we measured.';
