// The bundlers that people have, each by its own command or its smallest settings.

export interface Bundler {
  /** What npm installs beside VoG.js. */
  packages: string[];
  /** Settings by file; `index.html` is there, and loads `page.js`. */
  files: Record<string, string>;
  /** Builds into `dist`: a program of the folder's own, and its arguments. */
  build: string[];
  /** What the built page loads, where its HTML is not built as well. */
  script?: string;
}

export const bundlers: Record<string, Bundler> = {
  Vite: { packages: ['vite@8'], files: {}, build: ['vite', 'build', '--base', './'] },
  webpack: {
    packages: ['webpack@5', 'webpack-cli@7'],
    files: {},
    build: ['webpack', '--mode', 'production', '--entry', './page.js', '--output-path', 'dist'],
    script: 'main.js',
  },
  esbuild: {
    packages: ['esbuild@0.28'],
    files: {},
    build: ['esbuild', 'page.js', '--bundle', '--minify', '--format=esm', '--splitting', '--outdir=dist'],
    script: 'page.js',
  },
  // TensorFlow.js has dependencies in CommonJS, which Rollup reads by a plugin.
  Rollup: {
    packages: ['rollup@4', '@rollup/plugin-node-resolve@16', '@rollup/plugin-commonjs@29'],
    files: {
      'rollup.config.js': `
        import commonjs from '@rollup/plugin-commonjs';
        import resolve from '@rollup/plugin-node-resolve';
        export default {
          input: 'page.js',
          output: { dir: 'dist', format: 'es' },
          plugins: [resolve({ browser: true }), commonjs()],
        };`,
    },
    build: ['rollup', '--config'],
    script: 'page.js',
  },
};

/** VoG of four examples over three epochs, from weights and data that are written down: the same number everywhere. */
export const PAGE = `
import * as tf from '@tensorflow/tfjs';
import { trackDifficulty } from 'vogjs';

async function main() {
  await tf.setBackend('cpu');
  const inputs = tf.tensor2d([[0.1, 0.9], [0.8, 0.2], [0.4, 0.5], [0.7, 0.6]]);
  const labels = [0, 1, 0, 1];
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 2, activation: 'softmax' })] });
  model.setWeights([tf.tensor2d([[0.3, -0.2], [0.1, 0.4]]), tf.tensor1d([0.05, -0.05])]);
  model.compile({ optimizer: tf.train.sgd(0.5), loss: 'categoricalCrossentropy' });
  const difficulty = trackDifficulty({ inputs, labels });
  const targets = tf.oneHot(tf.tensor1d(labels, 'int32'), 2);
  await model.fit(inputs, targets, { epochs: 3, batchSize: 4, shuffle: false, callbacks: [difficulty] });
  const scores = await difficulty.scores('vog');
  difficulty.dispose();
  return scores.values.reduce((sum, value) => sum + value, 0);
}

main().then(
  (sum) => {
    globalThis.sum = sum;
    console.log('sum', sum);
  },
  (error) => {
    globalThis.sum = String(error);
    throw error;
  },
);
`;
