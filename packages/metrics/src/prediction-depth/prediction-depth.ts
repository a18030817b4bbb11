import { record } from '@vogjs/base';
import { declareOptions, fits, type InputOf, integer, layerName, listOf, oneOf } from '@vogjs/base/options';
import {
  type Collected,
  collectResources,
  defineResource,
  features,
  labels,
  type MetricFactoryDefinition,
  predictions,
  type ProbeOptions,
  type Resource,
  type ScorableModel,
  Scores,
  VogError,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { passOptions } from '../shared/pass-options.js';
import { nearestVotes } from './nearest-neighbours.js';

const declared = declareOptions('predictionDepth', {
  layers: listOf(layerName(), 1)
    .required()
    .about("The layers to probe, from the input's side to the output's. The input layer may be the first."),
  k: integer(1).default(30).about('Number of neighbours that vote.'),
  reference: fits<ProbeOptions>('an object { inputs, labels }', record.holds)
    .optional('the probe itself')
    .about('Labelled examples among which neighbours are sought; the training set, in the paper.'),
  pool: oneOf('none', 'average').about("All values of a layer, or the mean over a feature map's positions."),
  ...passOptions,
});

/** Options of `predictionDepth`. */
export type PredictionDepthOptions = InputOf<typeof declared.entries>;

/**
 * Prediction depth: how many layers a model, as it is now, needs before the nearest neighbours of an example agree with
 * its prediction. High = hard.
 *
 * For each layer, the k nearest references of the example (Euclidean, in the layer's flattened output) vote by their
 * labels. The depth is the smallest d such that the votes at layers d, d + 1, …, L - 1 all equal the model's
 * prediction. It is L, the number of layers given, when the last layer's vote differs. Of equally frequent classes the
 * smallest wins. When the probe is its own reference each example leaves itself out: its own label must not vote.
 *
 * No metric of a tracker: neighbours are among all examples, and a metric sees one chunk at a time. One forward pass
 * over the probe and one over the reference, N x M x features multiplications a layer, and host memory for all these
 * layers' outputs.
 *
 * Source: Baldock, Maennel & Neyshabur, "Deep Learning Through the Lens of Example Difficulty", NeurIPS 2021, section 2.
 *
 * @throws VogError ARGUMENT_INVALID, SAMPLE_TOO_SMALL with fewer than k neighbours, LAYER_UNKNOWN, INPUT_SHAPE,
 * LABEL_INVALID, LOGITS_UNRESOLVED
 */
export async function predictionDepth(
  model: ScorableModel,
  probe: ProbeOptions,
  options: PredictionDepthOptions,
): Promise<Scores> {
  const { layers, k, reference, pool, ...passes } = declared.resolve(options);
  const byLayer = Object.fromEntries(layers.map((layer, i) => [`layer${i}`, layerVector(layer, pool)]));
  const isSame = reference === undefined;
  const withLabels = isSame || probe.labels !== undefined;
  const scored = await collectResources(
    model,
    probe,
    { ...byLayer, predictions, ...(withLabels ? { labels } : {}) },
    passes,
  );
  const support = isSame ? scored : await collectResources(model, reference, { ...byLayer, labels }, passes);
  const neighbours = at(support, 'labels').data.length - (isSame ? 1 : 0);
  if (neighbours < k) {
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      `predictionDepth: ${neighbours} possible neighbours and k = ${k}. Give a larger reference or a smaller k.`,
    );
  }
  const votes: Int32Array[] = [];
  for (const name of Object.keys(byLayer)) {
    const classes = at(support, 'labels').data as Int32Array;
    votes.push(await nearestVotes(at(scored, name), at(support, name), classes, k, isSame));
  }
  const predicted = at(scored, 'predictions').data;
  return new Scores({
    metric: 'prediction-depth',
    column: 'prediction-depth',
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 1,
    values: Float32Array.from(depthsOf(votes, predicted)),
    ids: probe.ids ?? Array.from(predicted.keys()),
    labels: withLabels ? (at(scored, 'labels').data as Int32Array) : null,
    classNames: probe.classNames,
  });
}

predictionDepth.definition = {
  kind: 'metric',
  name: 'prediction-depth',
  call: 'predictionDepth',
  hardDirection: 'high',
  words: {
    title: 'Prediction depth',
    meaning:
      "the layer from which on the example's nearest neighbours vote as the model predicts. Easy examples are settled in the first layers, hard ones only in the last",
  },
  version: 1,
  options: declared,
} satisfies MetricFactoryDefinition;

/**
 * The first layer from which on all votes equal the prediction, for each example; the number of layers where the last
 * vote differs.
 *
 * @param votes by layer, each `[N]`
 * @param predicted `[N]`
 */
export function depthsOf(votes: readonly ArrayLike<number>[], predicted: ArrayLike<number>): number[] {
  return Array.from({ length: predicted.length }, (_, i) => {
    let depth = votes.length;
    while (depth > 0 && votes[depth - 1]?.[i] === predicted[i]) depth--;
    return depth;
  });
}

function layerVector(layer: string, pool: 'none' | 'average'): Resource<tf.Tensor> {
  const output = features(layer);
  if (pool === 'none') return output;
  return defineResource({
    name: 'averagePooledFeatures',
    parameters: { layer },
    requires: { output },
    compute: (values) => {
      const { rank } = values.output;
      // All axes between the examples and the channels.
      const positions = Array.from({ length: Math.max(0, rank - 2) }, (_, axis) => axis + 1);
      return positions.length === 0 ? values.output : tf.mean(values.output, positions);
    },
  });
}

function at(collected: Readonly<Record<string, Collected>>, name: string): Collected {
  const value = collected[name];
  if (value === undefined) throw new Error(`unreachable: '${name}' was asked for`);
  return value;
}
