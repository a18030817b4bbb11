// Examines one backend in a process of its own, and tells its parent of every step: a backend cannot be unloaded, and
// one that takes its process down must not take doctor along.
// usage: fork(probe, [JSON of ProbeJob])
import { createRequire } from 'node:module';
import process from 'node:process';
import { inputGradientOf } from '@vogjs/core';
import { selectBackend, type BackendName } from '@vogjs/core/node';
import type * as tfjs from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { describeDevice } from './device.js';
import { checkGradient, type GradientCheck, type GradientUnderTest } from './gradient-check.js';
import type { DeviceReport } from './report.js';
import { measureThroughput, type TimedNetwork } from './throughput.js';

export interface ProbeJob {
  /** A backend to force, or `auto` for what `selectBackend` takes. */
  readonly backend: string;
  /** Main file of tfjs-node to load with the copy of TensorFlow.js that it sees, around `selectBackend`. */
  readonly module?: string;
  readonly networks: readonly TimedNetwork[];
}

/** A step that is done. */
export type ProbeMessage =
  | { readonly step: 'loaded'; readonly backend: string; readonly version: string; readonly notes: readonly string[] }
  | { readonly step: 'device'; readonly device: DeviceReport }
  | ({ readonly step: 'gradient' } & GradientCheck)
  | { readonly step: 'timed'; readonly network: TimedNetwork; readonly imagesPerSecond: number }
  | { readonly step: 'failed'; readonly code: string | null; readonly reason: string }
  | { readonly step: 'done' };

const job = JSON.parse(process.argv[2] ?? '{}') as ProbeJob;

// Resolves when the parent has it: what was told before a crash is not lost.
const tell = (message: ProbeMessage): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });

try {
  const under = job.module === undefined ? await selectOurs(job.backend) : await loadModule(job.module);
  await tell({ step: 'device', device: await describeDevice(under.tf) });
  await tell({ step: 'gradient', ...(await checkGradient(under)) });
  for (const network of job.networks) {
    await tell({ step: 'timed', network, imagesPerSecond: await measureThroughput(under, network) });
  }
  await tell({ step: 'done' });
} catch (error) {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  await tell({ step: 'failed', code: error instanceof VogError ? error.code : null, reason });
}
// A GPU backend's threads and handles would keep the process.
process.exit(0);

async function selectOurs(asked: string): Promise<GradientUnderTest> {
  const { tf, backend, version, notes } = await selectBackend(asked as BackendName | 'auto');
  await tell({ step: 'loaded', backend, version, notes });
  return { tf, gradient: (f, x, labels) => inputGradientOf(f, x, labels) };
}

/** tfjs-node with its own TensorFlow.js: says whether the add-on is right even where VoG.js sees another copy. */
async function loadModule(path: string): Promise<GradientUnderTest> {
  const require = createRequire(path);
  // Node 23 removed two functions that tfjs-node calls.
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
  const tf = require(path) as typeof tfjs;
  await tf.ready();
  const { binding } = tf.backend() as unknown as { readonly binding?: { readonly TF_Version?: string } };
  const version = `tfjs ${tf.version.tfjs}, TensorFlow ${binding?.TF_Version ?? 'unknown'}`;
  await tell({ step: 'loaded', backend: job.backend, version, notes: [] });
  const gradient: GradientUnderTest['gradient'] = (f, x, labels) => {
    const classes = f(x).shape[1] ?? 1;
    const cotangent = new Float32Array(labels.length * classes);
    for (const [i, label] of labels.entries()) cotangent[i * classes + label] = 1;
    return tf.grad(f)(x, tf.tensor(cotangent, [labels.length, classes]));
  };
  return { tf, gradient };
}
