import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import type { WebgpuBackend } from '../kernels/webgpu/backend.js';
import { type CpuBackend, cpuMomentsPush } from '../moments/cpu-push.js';
import { type MomentsKernel, registerMomentsPush } from '../moments/push-kernel.js';
import { webgpuMomentsPush } from '../moments/webgpu-push.js';
import { repairGradient, repairKernel, undoRepairs } from '../registry/registry.js';
import { GRADIENT_REFUSALS, GRADIENTS, type GradientRepair } from './gradient-repairs.js';
import { KERNEL_REFUSALS, type KernelRepair, KERNELS } from './kernel-repairs.js';
import { noteRepaired, noteUndone } from './standing.js';

/** What {@link repairBackend} did, in words for a log line or a report. */
export interface RepairReport {
  /** Name of the backend, as `tf.getBackend()` gives it. */
  readonly backend: string;
  /** Faults of TensorFlow.js that are made right, for example 'AvgPoolGrad with padding'. */
  readonly repaired: readonly string[];
  /** Gradients that do not exist: asking for one throws VogError('GRADIENT_UNSUPPORTED'). */
  readonly refused: readonly string[];
}

/** One pass over the running moments, by backend. */
const MOMENTS: Readonly<Record<string, MomentsKernel>> = {
  cpu: (inputs, backend) => cpuMomentsPush(inputs, backend as CpuBackend),
  webgpu: (inputs, backend) => webgpuMomentsPush(inputs, backend as WebgpuBackend),
};

function activeBackend(): string {
  const backend = tf.getBackend();
  if (backend) return backend;
  throw new VogError(
    'BACKEND_UNAVAILABLE',
    "No TensorFlow.js backend is active. Call 'await tf.ready()' (or tf.setBackend) before repairBackend().",
  );
}

/**
 * Registers right kernels and gradients for what TensorFlow.js 4.22 computes wrongly, slowly or not at all on the
 * active backend, and coded errors for the gradients that do not exist. Found with finite differences.
 *
 * May be called at any time and again: what is in place stays in place. Kernels belong to one backend, so call it
 * after every change of backend; a tracker looks before every chunk. On tfjs-node no kernel is replaced, they are TensorFlow's own; the gradients that are
 * composed in JavaScript are repaired there too.
 *
 * @returns What is repaired and refused on this backend now.
 * @throws VogError 'BACKEND_UNAVAILABLE' before a backend is ready.
 */
export function repairBackend(): RepairReport {
  const backend = activeBackend();
  const kernels = (repairs: readonly KernelRepair[]): string[] =>
    repairs
      .filter(({ backends }) => backends.includes(backend))
      .filter(({ name, kernelName, make }) => repairKernel(name, kernelName, backend, make))
      .map(({ name }) => name);
  const gradients = (repairs: readonly GradientRepair[]): string[] =>
    repairs.filter(({ name, kernelName, make }) => repairGradient(name, kernelName, make)).map(({ name }) => name);
  const moments = MOMENTS[backend];
  if (moments) registerMomentsPush(backend, moments);
  noteRepaired(backend, repairBackend);
  return {
    backend,
    repaired: [...kernels(KERNELS), ...gradients(GRADIENTS)],
    refused: [...kernels(KERNEL_REFUSALS), ...gradients(GRADIENT_REFUSALS)],
  };
}

/** Puts the registry back to what it was before {@link repairBackend} on this backend. For tests and doubters. */
export function undoBackendRepairs(): void {
  noteUndone();
  undoRepairs(
    [...KERNELS, ...KERNEL_REFUSALS].map(({ kernelName }) => kernelName),
    activeBackend(),
    [...GRADIENTS, ...GRADIENT_REFUSALS].map(({ kernelName }) => kernelName),
  );
}
