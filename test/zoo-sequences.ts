// The networks of the zoo that read sequences and volumes.
import * as tf from '@tensorflow/tfjs';

const { layers } = tf;

/** A network of the zoo. `build` makes it with fresh weights: seed them, and dispose the model afterwards. */
export interface ZooEntry {
  readonly name: string;
  readonly build: () => tf.LayersModel;
  /** Share of coordinates that may lie beside a kink; where absent, the default of the finite differences. */
  readonly kinks?: number;
  /** Step of the differences where kinks lie close: the chance that one lies within the step falls with it. */
  readonly step?: number;
}

export const sequences: readonly ZooEntry[] = [
  {
    name: '1-D convolution and pools of a sequence',
    build: () =>
      tf.sequential({
        layers: [
          layers.conv1d({ inputShape: [11, 3], filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
          layers.maxPooling1d({ poolSize: 2, padding: 'same' }),
          layers.averagePooling1d({ poolSize: 2, padding: 'same' }),
          layers.flatten(),
          layers.dense({ units: 3 }),
        ],
      }),
  },
  {
    name: 'masks in front of LSTM and GRU',
    build: () =>
      tf.sequential({
        layers: [
          layers.masking({ maskValue: 0, inputShape: [4, 3] }),
          layers.lstm({ units: 4, returnSequences: true }),
          layers.gru({ units: 3 }),
          layers.dense({ units: 3 }),
        ],
      }),
  },
  {
    name: 'LSTM of one step',
    build: () => tf.sequential({ layers: [layers.lstm({ inputShape: [1, 3], units: 3 }), layers.dense({ units: 3 })] }),
  },
  {
    name: 'transposed 3-D convolution',
    build: () =>
      tf.sequential({
        layers: [
          layers.conv3dTranspose({ inputShape: [2, 3, 3, 2], filters: 2, kernelSize: 2, strides: 2 }),
          layers.flatten(),
          layers.dense({ units: 3 }),
        ],
      }),
  },
  {
    name: 'LSTM',
    build: () => tf.sequential({ layers: [layers.lstm({ inputShape: [4, 3], units: 3 }), layers.dense({ units: 3 })] }),
  },
];
