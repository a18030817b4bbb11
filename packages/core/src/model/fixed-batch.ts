import * as tf from '@tensorflow/tfjs';

/** The only number of examples that a GraphModel takes, where its placeholders fix one; else null. */
export function batchSizeOf(model: tf.GraphModel): number | null {
  const sizes = model.inputs.map(({ shape }) => shape?.[0] ?? -1).filter((size) => size > 0);
  return sizes[0] ?? null;
}

/**
 * Runs a graph that takes `batchSize` examples at a time on as many as there are: in batches, the last one filled up
 * with its last example, whose surplus rows are left out again.
 */
export function inBatches(
  batchSize: number | null,
  inputs: readonly tf.Tensor[],
  run: (batch: readonly tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  const size = inputs[0]?.shape[0] ?? 0;
  if (batchSize === null || size === batchSize) return run(inputs);
  const parts: tf.Tensor[][] = [];
  for (let start = 0; start < size; start += batchSize) {
    const count = Math.min(batchSize, size - start);
    const outputs = run(inputs.map((input) => filledUp(rows(input, start, count), batchSize)));
    parts.push(outputs.map((output) => rows(output, 0, count)));
  }
  return (parts[0] ?? []).map((_, i) =>
    tf.concat(
      parts.map((part) => part[i] as tf.Tensor),
      0,
    ),
  );
}

function rows(tensor: tf.Tensor, start: number, count: number): tf.Tensor {
  if (start === 0 && count === tensor.shape[0]) return tensor;
  const rest = tensor.shape.slice(1);
  return tf.slice(tensor, [start, ...rest.map(() => 0)], [count, ...rest]);
}

function filledUp(tensor: tf.Tensor, batchSize: number): tf.Tensor {
  const missing = batchSize - (tensor.shape[0] ?? 0);
  if (missing === 0) return tensor;
  const last = rows(tensor, (tensor.shape[0] ?? 1) - 1, 1);
  return tf.concat([tensor, ...Array.from({ length: missing }, () => last)], 0);
}
