import type { GradientOptions, Words } from '@vogjs/core';

const SETTLES =
  'The model settles early on examples that resemble many others; it keeps changing its mind about examples that are ' +
  'rare, ambiguous or labelled wrongly';

/** VoG in words, by what is differentiated. */
export const READINGS: Readonly<Record<NonNullable<GradientOptions['activation']>, Words>> = {
  softmax: {
    title: 'Variance of Gradients (VoG)',
    meaning:
      "how much the pull of each input value on the probability of the example's own class kept changing while the model " +
      `trained. ${SETTLES}`,
  },
  logit: {
    title: 'Variance of Gradients (VoG) of the logit',
    meaning:
      "how much the pull of each input value on the logit of the example's own class kept changing while the model " +
      'trained. In the networks that we measured it changed most on examples that the model gets right',
  },
  loss: {
    title: 'Variance of Gradients (VoG) of the loss',
    meaning:
      "how much the pull of each input value on the example's loss kept changing while the model trained. It follows the " +
      `loss itself. ${SETTLES}`,
  },
  output: {
    title: 'Variance of Gradients (VoG) of the output',
    meaning: "how much the pull of each input value on the model's output kept changing while the model trained",
  },
};

/** What goes with every score of the logit. */
export const LOGIT_NOTE =
  "VoG of the logit, the paper's equation: low is hard here. In every network that we measured above 85 % the error falls " +
  'with this score, the reverse of what the paper reports; VoG of the probability, the default, ranks as it reports.';
