import { seededRandom, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { type Position, positionAt } from '../schedule/position.js';

/** Examples of the probe: odd, so that chunks of any size leave a rest. */
const SIZE = 7;
/** Checkpoints of the run: enough for a cut with two on each side. */
export const CHECKPOINTS = 5;
const STEPS_PER_EPOCH = 10;

/** A small random run for a metric to be checked on: a model, its weights at each checkpoint, and a probe. */
export interface MetricSubject {
  readonly model: tf.LayersModel;
  readonly inputs: readonly tf.Tensor[];
  readonly inputShapes: readonly (readonly number[])[];
  readonly labels: Int32Array;
  readonly classes: number;
  readonly size: number;
  /** Gives the model its weights of checkpoint `index`. */
  moveTo(index: number): void;
  position(index: number): Position;
  step(index: number): number;
  /** Frees everything, and gives a model of the caller's its weights back. */
  dispose(): void;
}

/** Convolution, relu, flatten, dense, softmax: images of [6, 5, 2], three classes. */
function smallConvnet(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ name: 'convolution', filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 5, 2] }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ name: 'logits', units: 3, activation: 'softmax' }),
    ],
  });
}

/** Makes the run: random numbers throughout, which the seed alone decides. */
export function metricSubject(seed: number, given: tf.LayersModel | undefined): MetricSubject {
  const random = seededRandom(seed);
  const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
  const model = given ?? smallConvnet();
  const inputShapes = model.inputs.map(({ shape }) => shape.slice(1).map((length) => length ?? 1));
  // A single unit counts as two classes.
  const classes = Math.max(2, model.outputs[0]?.shape.at(-1) ?? 0);
  const original = model.getWeights().map((weight) => tf.clone(weight));
  const scale = given === undefined ? 0.5 : 0.1;
  const trajectory = Array.from({ length: CHECKPOINTS }, () =>
    original.map((weight) =>
      tf.tidy(() => tf.add(weight, tf.mul(tf.tensor(normals(weight.size), weight.shape), scale))),
    ),
  );
  const inputs = inputShapes.map((shape) => tf.tensor(normals(tf.util.sizeFromShape(shape) * SIZE), [SIZE, ...shape]));
  return {
    model,
    inputs,
    inputShapes,
    classes,
    labels: Int32Array.from({ length: SIZE }, () => random.integer(classes)),
    size: SIZE,
    moveTo(index) {
      const weights = trajectory[index];
      if (weights === undefined) throw new VogError('ARGUMENT_INVALID', `There is no checkpoint ${index} in this run.`);
      model.setWeights(weights);
    },
    step: (index) => STEPS_PER_EPOCH * (index + 1),
    position(index) {
      const length = { epochs: CHECKPOINTS, stepsPerEpoch: STEPS_PER_EPOCH };
      return positionAt({ epoch: index, step: this.step(index) }, length, null);
    },
    dispose() {
      if (given !== undefined) model.setWeights(original);
      tf.dispose([original, trajectory, inputs]);
      if (given === undefined) model.dispose();
    },
  };
}
