/** A metric in words: a name to read, and what it measures, as the continuation of "scored by ...:". */
export interface MetricDescription {
  readonly title: string;
  readonly meaning: string;
}

const confidence: MetricDescription = {
  title: 'Confidence',
  meaning:
    'the mean probability of the given label over training. Low where the model never came to believe the label: wrong labels and the hardest examples',
};

/** By metric name, or `metric.column` for one column of several. */
const descriptions: Readonly<Record<string, MetricDescription>> = {
  vog: {
    title: 'Variance of Gradients (VoG)',
    meaning:
      "how much the pull of each input value on the example's own class kept changing while the model trained. " +
      'The model settles early on examples that resemble many others; it keeps changing its mind about examples that are ' +
      'rare, ambiguous or labelled wrongly',
  },
  csg: {
    title: 'Cumulative sample gradient (CSG)',
    meaning:
      "the squared length of the loss's gradient with respect to the input, summed over training. Large where small changes of the input kept changing the loss: the example lies where the model is steep",
  },
  el2n: {
    title: 'Error norm (EL2N)',
    meaning:
      'the length of the difference between the predicted probabilities and the given label, averaged over training. 0 for an example predicted surely and rightly, up to 1.41 for one predicted surely as another class',
  },
  grand: {
    title: 'Gradient norm (GraNd, last layer)',
    meaning:
      "the length of the loss's gradient with respect to the weights of the last layer: how hard the example pulls at the model. It grows with the error and with the strength of the example's features",
  },
  'forgetting.count': {
    title: 'Forgetting events',
    meaning:
      'how often the example was predicted rightly at one checkpoint and wrongly at the next. Examples that were never right have nothing to forget and count as the hardest, unless told otherwise. Few checkpoints make many ties',
  },
  'forgetting.firstLearned': {
    title: 'First learned',
    meaning:
      'the first checkpoint at which the example was predicted rightly. Late, or never, for what is rare or labelled wrongly',
  },
  'forgetting.unforgettable': {
    title: 'Unforgettable',
    meaning:
      'whether the example was learned and never forgotten (1) or not (0). It splits the examples in two, no more',
  },
  aum: {
    title: 'Area under the margin (AUM)',
    meaning:
      'how far the logit of the given label stood above the largest other one, averaged over training. Negative where the model kept preferring another class: made for finding wrong labels',
  },
  'data-maps.confidence': confidence,
  'data-iq.confidence': confidence,
  'data-maps.variability': {
    title: 'Variability',
    meaning:
      'how much the probability of the given label moved over training (its standard deviation). High for ambiguous examples; those that are always wrong, as wrong labels often are, have little of it',
  },
  'data-maps.correctness': {
    title: 'Correctness',
    meaning: 'the share of checkpoints at which the given label was predicted. Few checkpoints make many ties',
  },
  'data-iq.aleatoric': {
    title: 'Aleatoric uncertainty (Data-IQ)',
    meaning:
      "the mean over training of p (1 − p), p the probability of the given label: doubt that lies in the example. High for ambiguous examples; an example that is surely predicted as another class has little of it, and shows in Data-IQ's confidence instead",
  },
  'mean-loss': {
    title: 'Mean loss',
    meaning:
      'the cross-entropy of the given label, averaged over training. The plainest of all: what the model was made to lower, and where it could not',
  },
  entropy: {
    title: 'Entropy of the prediction',
    meaning:
      'how widely the predicted probabilities were spread over the classes, averaged over training. It does not look at the label, so that a wrong label on a clear example goes unseen',
  },
  margin: {
    title: 'Margin of probabilities',
    meaning:
      'how far the probability of the given label stood above the largest other one, averaged over training. From −1, surely another class, to 1, surely the given one',
  },
  'confident-learning.selfConfidence': {
    title: 'Self-confidence (confident learning)',
    meaning:
      'the probability that the model gives to the label. Meant for probabilities of a model that has not trained on the example; one that has may have learned a wrong label by heart',
  },
  'confident-learning.normalisedMargin': {
    title: 'Normalised margin (confident learning)',
    meaning:
      'the probability of the given label minus the largest other one. Meant for probabilities of a model that has not trained on the example',
  },
  'prediction-depth': {
    title: 'Prediction depth',
    meaning:
      "the layer from which on the example's nearest neighbours vote as the model predicts. Easy examples are settled in the first layers, hard ones only in the last",
  },
  prototypicality: {
    title: 'Distance to the prototype',
    meaning:
      "how far the example's features lie from the mean of its class. Large for the odd ones out of a class, and for examples of another class under its label",
  },
  'self-influence': {
    title: 'Self-influence (TracIn, last layer)',
    meaning:
      "how much training on the example lowers the example's own loss, summed over checkpoints. Large where the model has to learn the example by heart because nothing else teaches it",
  },
};

/** What a metric, or one column of it, measures. A metric that is not known is described by what all have in common. */
export function describeMetric({ metric, column }: { metric: string; column?: string | undefined }): MetricDescription {
  const name = nameOf({ metric, column });
  const known = descriptions[name] ?? descriptions[metric];
  if (known) return known;
  const trajectory = /^(?<value>.+)-(?<kind>variance|std)$/.exec(metric)?.groups;
  if (trajectory) {
    const spread = trajectory['kind'] === 'std' ? 'standard deviation' : 'variance';
    return {
      title: `${spread === 'variance' ? 'Variance' : 'Standard deviation'} of ${trajectory['value']} over training`,
      meaning: `the ${spread} over checkpoints of the example's ${trajectory['value']}. High where the model kept changing its mind`,
    };
  }
  return { title: name, meaning: 'a difficulty metric, measured on every example while the model trained' };
}

/** `el2n`, or `data-maps.confidence` where the metric has several columns. */
export function nameOf({ metric, column }: { metric: string; column?: string | undefined }): string {
  return column === undefined || column === metric || column === 'value' ? metric : `${metric}.${column}`;
}
