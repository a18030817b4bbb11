import { declareOptions, fits, type InputOf, oneOf } from '@vogjs/base/options';
import {
  type Collected,
  collectResources,
  labels,
  type MetricFactoryDefinition,
  type ProbeOptions,
  type Resource,
  type ScorableModel,
  Scores,
  type TaskKind,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { lastFeatures, lastLayerOptions } from '../shared/options.js';
import { passOptions } from '../shared/pass-options.js';

const declared = declareOptions('prototypicality', {
  distance: oneOf('cosine', 'euclidean').about('One minus the cosine, or the Euclidean distance.'),
  layer: lastLayerOptions.layer.about('Layer whose output the features are.'),
  ...passOptions,
  task: fits<TaskKind>('a task', () => true)
    .optional('read off model and labels')
    .about('What the model trains for.'),
});

/** Options of `prototypicality`. */
export type PrototypicalityOptions = InputOf<typeof declared.entries>;

/**
 * Distance of each example from the centre of its class in feature space, for a model as it is now. High = hard.
 *
 * With `h` = features and `m_y` = mean of h over the examples labelled y: `1 - h·m_y / (norm2(h) norm2(m_y))`, or
 * `norm2(h - m_y)`. A vector of zeros has distance 1 by cosine. The only example of a class is its own centre: distance
 * 0, which the notes say.
 *
 * In a regression, which has no classes, the one centre is that of all examples. Refused for a multi-label model.
 *
 * No metric of a tracker: the centres need every example before the first distance is known. One forward pass over the
 * probe and N x features x 4 bytes of host memory.
 *
 * Source: distance to the class prototype (Snell, Swersky & Zemel 2017) as an example's prototypicality; Sorscher et
 * al., "Beyond neural scaling laws", NeurIPS 2022, with the given classes in place of clusters.
 *
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE, LABEL_INVALID, LAYER_UNKNOWN, LOGITS_UNRESOLVED
 */
export async function prototypicality(
  model: ScorableModel,
  probe: ProbeOptions,
  options: PrototypicalityOptions = {},
): Promise<Scores> {
  const { distance, layer, ...passes } = declared.resolve(options);
  let isRegression = false;
  const features = lastFeatures(layer === undefined ? {} : { layer });
  const collected = await collectResources(
    model,
    probe,
    { features, prototypicality: centreOf },
    {
      ...passes,
      onTask: ({ kind }) => void (isRegression = kind === 'regression'),
    },
  );
  const given = collected.prototypicality.data as Int32Array;
  const lonely = isRegression ? [] : classesOfOne(given);
  return new Scores({
    metric: 'prototypicality',
    column: 'prototypicality',
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 1,
    values: Float32Array.from(classDistances(collected.features, given, distance)),
    ids: probe.ids ?? Array.from(given.keys()),
    labels: isRegression ? null : given,
    classNames: probe.classNames,
    notes:
      lonely.length === 0 ? [] : [`Classes with one example, whose distance is 0 by definition: ${lonely.join(', ')}.`],
  });
}

prototypicality.definition = {
  kind: 'metric',
  name: 'prototypicality',
  call: 'prototypicality',
  hardDirection: 'high',
  words: {
    title: 'Distance to the prototype',
    meaning:
      "how far the example's features lie from the mean of its class. Large for the odd ones out of a class, and for examples of another class under its label",
  },
  version: 1,
  options: declared,
} satisfies MetricFactoryDefinition;

/** Which centre each example belongs to: that of its class; in a regression the one of all, 0. `[size]`, int32. */
const centreOf: Resource<tf.Tensor1D> = {
  name: 'prototypicality.centre',
  key: 'prototypicality.centre',
  requires: {},
  tasks: ['classification', 'binary', 'regression'],
  needs: { forward: true },
  compute: (_, chunk) =>
    chunk.task.kind === 'regression' ? tf.zeros<tf.Rank.R1>([chunk.size], 'int32') : labels.compute({}, chunk),
};

/** Distance of each row of `[N, ...]` features from the mean of the rows with the same label, in float64. */
function classDistances(
  { data, shape }: Collected,
  given: ArrayLike<number>,
  distance: 'cosine' | 'euclidean',
): Float64Array {
  const size = shape[0] ?? 0;
  const width = size === 0 ? 0 : data.length / size;
  const centres = new Map<number, Float64Array>();
  const counts = new Map<number, number>();
  for (let i = 0; i < size; i++) {
    const y = given[i] as number;
    const centre = centres.get(y) ?? new Float64Array(width);
    for (let k = 0; k < width; k++) centre[k]! += data[i * width + k]!;
    centres.set(y, centre);
    counts.set(y, (counts.get(y) ?? 0) + 1);
  }
  for (const [y, centre] of centres) centre.forEach((sum, k) => (centre[k] = sum / (counts.get(y) as number)));
  return Float64Array.from({ length: size }, (_, i) => {
    const h = data.subarray(i * width, (i + 1) * width);
    const centre = centres.get(given[i] as number) as Float64Array;
    return distance === 'cosine' ? cosineDistance(h, centre) : Math.sqrt(squaredDistance(h, centre));
  });
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k]! - b[k]!) ** 2;
  return sum;
}

function cosineDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    product += a[k]! * b[k]!;
    squareA += a[k]! ** 2;
    squareB += b[k]! ** 2;
  }
  const lengths = Math.sqrt(squareA * squareB);
  // Rounding may put the cosine of parallel vectors above 1; a distance is never negative.
  return lengths === 0 ? 1 : Math.max(0, 1 - product / lengths);
}

function classesOfOne(given: Int32Array): number[] {
  const counts = new Map<number, number>();
  for (const label of given) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].filter(([, count]) => count === 1).map(([label]) => label);
}
