import * as tf from '@tensorflow/tfjs';

/** A GPU object of which only the identity matters here. */
type Opaque = object;

interface ComputePass {
  setPipeline(pipeline: ComputePipeline): void;
  setBindGroup(index: number, group: Opaque): void;
  dispatchWorkgroups(x: number, y: number, z: number): void;
}

/** The part of a GPUComputePipeline that is used here. */
interface ComputePipeline {
  getBindGroupLayout(index: number): Opaque;
}

/** The part of tfjs-backend-webgpu's `WebGPUBackend` that a kernel of one's own uses. */
export interface WebgpuBackend {
  readonly device: {
    createShaderModule(descriptor: { code: string; label: string }): Opaque;
    createComputePipeline(descriptor: {
      label: string;
      layout: 'auto';
      compute: { module: Opaque; entryPoint: string };
    }): ComputePipeline;
    createBindGroup(descriptor: {
      layout: Opaque;
      entries: readonly { binding: number; resource: { buffer: Opaque } }[];
    }): Opaque;
  };
  readonly tensorMap: { get(dataId: object): { readonly resource: Opaque } };
  /** Tensors that commands not yet submitted use: their buffers may not be given to others. */
  readonly commandQueueOwnedIds: { add(dataId: object): unknown };
  readonly pipelineCache: Record<string, ComputePipeline>;
  readonly commandEncoder: { beginComputePass(): ComputePass };
  computePassEncoder: ComputePass | null;
  dispatchCountInPass: number;
  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: Float32Array): tf.TensorInfo;
  uploadToGPU(dataId: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** A compute shader over tensors, each bound whole: inputs first, outputs after them, from binding 0 on. */
export interface ComputeProgram {
  /** Tells pipelines apart in the backend's cache. */
  readonly key: string;
  /** WGSL with the entry point `main`. */
  readonly code: string;
  readonly inputs: readonly tf.TensorInfo[];
  readonly outputs: readonly tf.TensorInfo[];
  readonly workgroups: readonly [number, number, number];
}

/** Workgroups that fit in one dimension of a dispatch: the least that WebGPU guarantees. */
const WORKGROUPS = 65_535;

/**
 * Workgroups of `gridOf.threads` threads for `count` threads, in two dimensions. A shader's index is
 * `id.y * groups.x * threads + id.x`, and threads beyond the end do nothing.
 */
export function gridOf(count: number): [number, number, number] {
  const groups = Math.ceil(count / gridOf.threads);
  const columns = Math.min(groups, WORKGROUPS);
  return [columns, Math.ceil(groups / columns), 1];
}
gridOf.threads = 256;

/**
 * Records one program behind the commands that the backend has in hand, as its own `runWebGPUProgram` does, which can
 * only write one tensor.
 */
export function recordProgram(backend: WebgpuBackend, program: ComputeProgram): void {
  const { key, code, inputs, outputs, workgroups } = program;
  const tensors = [...inputs, ...outputs];
  for (const { dataId } of tensors) backend.uploadToGPU(dataId);
  const pipeline = (backend.pipelineCache[key] ??= backend.device.createComputePipeline({
    label: key,
    layout: 'auto',
    compute: { module: backend.device.createShaderModule({ code, label: key }), entryPoint: 'main' },
  }));
  const group = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: tensors.map(({ dataId }, binding) => ({
      binding,
      resource: { buffer: backend.tensorMap.get(dataId).resource },
    })),
  });
  for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);
  backend.ensureCommandEncoderReady();
  const pass = (backend.computePassEncoder ??= backend.commandEncoder.beginComputePass());
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(...workgroups);
  backend.dispatchCountInPass++;
  if (backend.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}
