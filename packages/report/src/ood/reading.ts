/** What the figures of out-of-distribution detection mean, and which way they point. */
export const oodReading: [term: string, meaning: string][] = [
  [
    'AUROC of a detector',
    'Take one example of each set at random: how often does the out-of-distribution one have the more suspicious score? 1 = always, 0.5 = a coin, below 0.5 = the score points the wrong way on this set. Ties count half. It does not depend on how many examples each set has.',
  ],
  [
    'AUPR-In, AUPR-Out',
    'Precision, averaged over all depths of the ranking, when in-distribution (In) or out-of-distribution (Out) is what one looks for. Chance is the share of that side among all examples, so that a figure says something only beside it.',
  ],
  [
    'FPR at 95 % TPR',
    'Set the threshold so that 95 % of the positive side are called right: the share of the other side that is called wrong. Lower is better. Which side is positive changes the figure, and is said.',
  ],
  [
    'Detection error',
    'The least mean of both error rates that any threshold reaches on these very examples. Lower is better; 0.5 is chance.',
  ],
  [
    'Out-of-distribution by quarter',
    'A detector that knows nothing would spread the out-of-distribution examples evenly over the ranking. Each quarter has its own p-value: of four, one below 0.05 is no surprise.',
  ],
  [
    'Confident mistakes',
    'In-distribution pictures that the threshold keeps out are often the odd ones of their class; out-of-distribution pictures that it lets in often look like one. A threshold to deploy is set on in-distribution examples alone.',
  ],
];
