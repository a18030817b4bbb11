import type * as tf from '@tensorflow/tfjs';
import type { KernelFunction } from '../../registry/registry.js';
import { gridOf, recordProgram, type WebgpuBackend } from './backend.js';

/** One thread an example: three walks over its logits. */
const shader = (classes: number): string => `
  @group(0) @binding(0) var<storage, read> logits: array<f32>;
  @group(0) @binding(1) var<storage, read> oneHot: array<f32>;
  @group(0) @binding(2) var<storage, read_write> result: array<f32>;

  @compute @workgroup_size(${gridOf.threads})
  fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let first = (id.y * groups.x * ${gridOf.threads}u + id.x) * ${classes}u;
    if (first >= arrayLength(&result)) { return; }
    let end = first + ${classes}u;
    var largest = logits[first];
    for (var i = first; i < end; i++) { largest = max(largest, logits[i]); }
    var own = 0.0;
    var others = 0.0;
    for (var i = first; i < end; i++) {
      let mass = exp(logits[i] - largest);
      own += oneHot[i] * mass;
      others += (1.0 - oneHot[i]) * mass;
    }
    // The others' mass by itself: one minus a probability near 1 has no digits left.
    let p = own / (own + others);
    let rest = others / (own + others);
    for (var i = first; i < end; i++) {
      let other = (1.0 - oneHot[i]) * exp(logits[i] - largest) / (own + others);
      result[i] = p * (oneHot[i] * rest - other);
    }
  }`;

/** p_y (onehot(y) - p) in one dispatch, where the operations that it stands in for are eight. */
export const softmaxCotangent: KernelFunction = (args) => {
  const { logits, oneHot } = args.inputs as unknown as Readonly<Record<'logits' | 'oneHot', tf.TensorInfo>>;
  const [size, classes] = logits.shape as [number, number];
  const backend = args.backend as unknown as WebgpuBackend;
  const result = backend.makeTensorInfo([size, classes], 'float32');
  recordProgram(backend, {
    key: `vogjs softmax cotangent ${classes}`,
    code: shader(classes),
    inputs: [logits, oneHot],
    outputs: [result],
    workgroups: gridOf(size),
  });
  return result;
};
