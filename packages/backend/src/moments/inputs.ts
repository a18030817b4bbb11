import type * as tf from '@tensorflow/tfjs';

/** Name under which a backend's one-pass update stands in the kernel registry of TensorFlow.js. */
export const MOMENTS_PUSH = 'VogjsMomentsPush';

/** The state and the next value. All are float32; mean, m2 and x have one shape. */
export interface MomentsInputs {
  readonly count: tf.TensorInfo;
  readonly mean: tf.TensorInfo;
  readonly m2: tf.TensorInfo;
  readonly x: tf.TensorInfo;
}
