// The trainings that both tools are given the outputs of: once with each fold left out, once on all examples.
import { mirrorInto, residualNetwork } from '@vogjs/example-shared';
import { seededRandom } from '@vogjs/base';
import { folds } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';

/** Examples as a network takes them, with the labels that it is trained on. */
export interface TrainingData {
  readonly inputs: Float32Array;
  /** `[N, …]` */
  readonly shape: readonly number[];
  readonly labels: Int32Array;
  readonly classes: number;
}

export interface TrainingPlan {
  readonly network: 'residual' | 'mlp';
  readonly epochs: number;
  readonly folds: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
}

/** What a person's trainings leave behind; logits and features of every example. */
export interface TrainedOutputs {
  /** `[T, N, K]`: after each epoch of the training that left the example out. */
  readonly heldOut: Float32Array;
  /** `[T, N, K]`: after each epoch of the training on all examples. */
  readonly trained: Float32Array;
  /** `[N, D]`: penultimate features at the end of the training on all examples. */
  readonly features: Float32Array;
  readonly width: number;
}

/** Trains `folds` networks and one on everything. SGD with momentum 0.9, the rate falling along half a cosine. */
export async function trainAll(
  data: TrainingData,
  plan: TrainingPlan,
  log: (line: string) => void,
): Promise<TrainedOutputs> {
  const { labels, classes } = data;
  const size = labels.length;
  const heldOut = new Float32Array(plan.epochs * size * classes);
  const trained = new Float32Array(plan.epochs * size * classes);
  for (const [fold, { training, heldOut: left }] of folds(labels, { count: plan.folds, seed: plan.seed }).entries()) {
    const model = networkOf(data, plan, plan.seed + fold + 1);
    await train(model, data, training, plan, async (epoch) => {
      const logits = await logitsOf(model, data, left);
      for (const [row, example] of left.entries()) {
        const from = logits.subarray(row * classes, (row + 1) * classes);
        heldOut.set(from, (epoch * size + example) * classes);
      }
      log(`fold ${fold + 1}, epoch ${epoch + 1}: accuracy on the fold ${accuracy(logits, labels, left, classes)}`);
    });
    model.dispose();
  }
  const everything = Int32Array.from({ length: size }, (_, example) => example);
  const model = networkOf(data, plan, plan.seed);
  await train(model, data, everything, plan, async (epoch) => {
    const logits = await logitsOf(model, data, everything);
    trained.set(logits, epoch * size * classes);
    log(`all, epoch ${epoch + 1}: accuracy ${accuracy(logits, labels, everything, classes)}`);
  });
  const penultimate = model.layers.at(-2)!.output as tf.SymbolicTensor;
  const featureModel = tf.model({ inputs: model.inputs, outputs: penultimate });
  const features = await logitsOf(featureModel, data, everything);
  return { heldOut, trained, features, width: features.length / size };
}

function networkOf({ shape, classes }: TrainingData, { network }: TrainingPlan, seed: number): tf.LayersModel {
  const example = shape.slice(1) as [number, number, number];
  if (network === 'residual') return residualNetwork({ shape: example, classes, width: 16, seed });
  const dense = (units: number, offset: number, activation?: 'relu'): tf.layers.Layer =>
    tf.layers.dense({
      units,
      ...(activation && { activation }),
      kernelInitializer: tf.initializers.heNormal({ seed: seed * 1000 + offset }),
      ...(offset === 0 && { inputShape: [shape[1]!] }),
    });
  return tf.sequential({ layers: [dense(64, 0, 'relu'), dense(64, 1, 'relu'), dense(classes, 2)] });
}

async function train(
  model: tf.LayersModel,
  { inputs, shape, labels, classes }: TrainingData,
  rows: Int32Array,
  { epochs, batchSize, learningRate, seed, network }: TrainingPlan,
  onEpoch: (epoch: number) => Promise<void>,
): Promise<void> {
  const optimizer = tf.train.momentum(learningRate, 0.9);
  model.compile({ optimizer, loss: (given, logits) => tf.losses.softmaxCrossEntropy(given, logits) });
  const random = seededRandom(seed);
  const [, ...example] = shape;
  const length = example.reduce((product, dimension) => product * dimension, 1);
  const steps = Math.ceil(rows.length / batchSize);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.shuffle(rows.length);
    for (let step = 0; step < steps; step++) {
      optimizer.setLearningRate(
        (learningRate * (1 + Math.cos((Math.PI * (epoch * steps + step)) / (epochs * steps)))) / 2,
      );
      const batch = order.subarray(step * batchSize, (step + 1) * batchSize);
      const values = new Float32Array(batch.length * length);
      for (const [i, at] of batch.entries()) {
        const row = rows[at]!;
        const image = inputs.subarray(row * length, (row + 1) * length);
        const target = values.subarray(i * length, (i + 1) * length);
        if (network === 'residual' && random.uniform() < 0.5) mirrorInto(target, image, example[1]!, example[2]!);
        else target.set(image);
      }
      const x = tf.tensor(values, [batch.length, ...example]);
      const y = tf
        .oneHot(
          Int32Array.from(batch, (at) => labels[rows[at]!]!),
          classes,
        )
        .toFloat();
      await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
    }
    await onEpoch(epoch);
  }
  optimizer.dispose();
}

/** The model's outputs for these rows, `[rows, outputs]`. */
async function logitsOf(
  model: tf.LayersModel,
  { inputs, shape }: TrainingData,
  rows: Int32Array,
): Promise<Float32Array> {
  const [, ...example] = shape;
  const length = example.reduce((product, dimension) => product * dimension, 1);
  const parts: Float32Array[] = [];
  for (let start = 0; start < rows.length; start += 500) {
    const chunk = rows.subarray(start, start + 500);
    const values = new Float32Array(chunk.length * length);
    for (const [i, row] of chunk.entries()) values.set(inputs.subarray(row * length, (row + 1) * length), i * length);
    const outputs = tf.tidy(() =>
      (model.predict(tf.tensor(values, [chunk.length, ...example])) as tf.Tensor).flatten(),
    );
    parts.push((await outputs.data()) as Float32Array);
    outputs.dispose();
  }
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function accuracy(logits: Float32Array, labels: Int32Array, rows: Int32Array, classes: number): string {
  let right = 0;
  for (const [i, row] of rows.entries()) {
    const own = logits.subarray(i * classes, (i + 1) * classes);
    if (own.indexOf(Math.max(...own)) === labels[row]) right++;
  }
  return (right / rows.length).toFixed(3);
}
