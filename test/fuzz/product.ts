// What the packages say of a case, on the backend that is active.
import { collectResources, inputGradient, inputGradientOf, logitsOf } from '@vogjs/core';
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { Case } from './generate.js';
import { seededModel } from './network.js';

export type Activation = 'logit' | 'loss';

/** A refusal by code, or whatever was thrown. */
export interface Refusal {
  readonly code: string | null;
  readonly message: string;
}

export interface Answer {
  readonly predicted: Float32Array;
  readonly logits: Float32Array | Refusal;
  /** For each input, its gradient by activation. */
  readonly gradients: readonly Readonly<Record<Activation, Float32Array | Refusal>>[];
  /** The loss gradient of input 0 as a pass over a probe collects it; only where asked for. */
  readonly collected: Float32Array | Refusal | null;
}

export const isRefusal = (value: Float32Array | Refusal | null): value is Refusal =>
  value !== null && 'message' in value;

function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof VogError ? error.code : null, message };
}

async function valueOr(compute: () => tf.Tensor): Promise<Float32Array | Refusal> {
  try {
    const tensor = compute();
    const values = Float32Array.from(await tensor.data());
    tensor.dispose();
    return values;
  } catch (error) {
    return refusalOf(error);
  }
}

/** The batches of a case as tensors. */
function tensorsOf({ network, batches, labels }: Case): tf.Tensor[] {
  return network.inputs.map(({ shape, dtype }, i) =>
    tf.tensor([...batches[i]!], [labels.length, ...shape], dtype ?? 'float32'),
  );
}

/** Asks model and packages. Leaves no tensor behind. */
export async function ask(example: Case, collect: boolean): Promise<Answer> {
  const model = seededModel(example.network, example.seed);
  const inputs = tensorsOf(example);
  const labels = Int32Array.from(example.labels);
  try {
    const output = model.predict(inputs) as tf.Tensor;
    const predicted = Float32Array.from(await output.data());
    output.dispose();
    const logits = await valueOr(() => logitsOf(model)(inputs));
    const gradients: Record<Activation, Float32Array | Refusal>[] = [];
    for (const [index, x] of inputs.entries()) {
      const of = (activation: Activation): Promise<Float32Array | Refusal> =>
        valueOr(() => {
          const f = (value: tf.Tensor): tf.Tensor =>
            logitsOf(model)(inputs.map((all, i) => (i === index ? value : all)));
          return inputGradientOf(f, x, labels, { activation });
        });
      gradients.push({ logit: await of('logit'), loss: await of('loss') });
    }
    return { predicted, logits, gradients, collected: collect ? await collectedGradient(model, example) : null };
  } finally {
    tf.dispose(inputs);
    model.dispose();
  }
}

async function collectedGradient(model: tf.LayersModel, example: Case): Promise<Float32Array | Refusal> {
  const size = example.labels.length;
  const inputs = example.network.inputs.map(({ shape, dtype }, i) => ({
    data: dtype === 'int32' ? Int32Array.from(example.batches[i]!) : Float32Array.from(example.batches[i]!),
    shape: [size, ...shape],
  }));
  try {
    const probe = { inputs: inputs.length === 1 ? inputs[0]! : inputs, labels: Int32Array.from(example.labels) };
    const gradient = inputGradient({ activation: 'loss' });
    const { g } = await collectResources(model, probe, { g: gradient }, { chunkSize: 2 });
    return Float32Array.from(g.data);
  } catch (error) {
    return refusalOf(error);
  }
}
