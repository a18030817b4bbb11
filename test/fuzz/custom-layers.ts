// Layers of a user's own: with weights, without, and one that shadows nothing of tfjs.
import * as tf from '@tensorflow/tfjs';

type Shape = tf.Shape;
type Inputs = tf.Tensor | tf.Tensor[];
const first = (inputs: Inputs): tf.Tensor => (Array.isArray(inputs) ? inputs[0]! : inputs);

/** Multiplies every channel by a weight. */
class Scale extends tf.layers.Layer {
  static readonly className: string = 'FuzzScale';
  #scale!: tf.LayerVariable;
  override build(shape: Shape | Shape[]): void {
    const own = (Array.isArray(shape[0]) ? shape[0] : shape) as Shape;
    this.#scale = this.addWeight('scale', [own.at(-1)!], 'float32', tf.initializers.ones());
    this.built = true;
  }
  override computeOutputShape(shape: Shape | Shape[]): Shape | Shape[] {
    return shape;
  }
  override call(inputs: Inputs): tf.Tensor {
    return tf.tidy(() => tf.mul(first(inputs), this.#scale.read()));
  }
}

/** x sigmoid(x), of operations and no weights. */
class Gate extends tf.layers.Layer {
  static readonly className: string = 'FuzzGate';
  override computeOutputShape(shape: Shape | Shape[]): Shape | Shape[] {
    return shape;
  }
  override call(inputs: Inputs): tf.Tensor {
    return tf.tidy(() => tf.mul(first(inputs), tf.sigmoid(first(inputs))));
  }
}

/** The running sum along the axis after the batch, and the mean taken away from it. */
class RunningSum extends tf.layers.Layer {
  static readonly className: string = 'FuzzRunningSum';
  override computeOutputShape(shape: Shape | Shape[]): Shape | Shape[] {
    return shape;
  }
  override call(inputs: Inputs): tf.Tensor {
    return tf.tidy(() => tf.sub(tf.cumsum(first(inputs), 1), tf.mean(first(inputs), 1, true)));
  }
}

/** The largest and the smallest value along the last axis, spread again: ties of tf.max and tf.min. */
class Extremes extends tf.layers.Layer {
  static readonly className: string = 'FuzzExtremes';
  override computeOutputShape(shape: Shape | Shape[]): Shape | Shape[] {
    return shape;
  }
  override call(inputs: Inputs): tf.Tensor {
    return tf.tidy(() => {
      const x = first(inputs);
      return tf.add(tf.mul(x, 0.5), tf.sub(tf.max(x, -1, true), tf.mul(tf.min(x, -1, true), 0.25)));
    });
  }
}

for (const custom of [Scale, Gate, RunningSum, Extremes]) tf.serialization.registerClass(custom);

export const customLayers: Readonly<Record<string, new (config: object) => tf.layers.Layer>> = {
  'custom.scale': Scale,
  'custom.gate': Gate,
  'custom.runningSum': RunningSum,
  'custom.extremes': Extremes,
};
