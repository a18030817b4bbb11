import { execFile } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type * as tfjs from '@tensorflow/tfjs';
import type { DeviceReport } from './report.js';

/** The device that the active backend of `tf` computes on. */
export async function describeDevice(tf: typeof tfjs): Promise<DeviceReport> {
  const backend = tf.backend() as unknown as {
    readonly isUsingGpuDevice?: boolean;
    readonly device?: { readonly adapterInfo?: AdapterInfo };
    readonly adapterInfo?: AdapterInfo;
  };
  if (tf.getBackend() === 'webgpu') return describeAdapter(backend.device?.adapterInfo ?? backend.adapterInfo);
  if (backend.isUsingGpuDevice === true) return (await describeNvidia()) ?? { name: 'a GPU', memory: null };
  return describeProcessor();
}

export function describeProcessor(): DeviceReport {
  const processors = cpus();
  const model = processors[0]?.model.trim().replace(/\s+/g, ' ') || 'processor';
  return { name: `${model} x ${processors.length}`, memory: totalmem() };
}

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
}

async function describeAdapter(info: AdapterInfo | undefined): Promise<DeviceReport> {
  if (info === undefined) return { name: 'an adapter without a name', memory: null };
  const { vendor, architecture, device, description } = info;
  if (vendor === 'nvidia') {
    const nvidia = await describeNvidia();
    if (nvidia !== null) return nvidia;
  }
  const name = [device || description, architecture, vendor].filter(Boolean).join(', ');
  // WebGPU tells no memory, on purpose.
  return { name: name || 'an adapter without a name', memory: null };
}

/** The first GPU, as its driver's tool tells it; null where there is no such tool. */
async function describeNvidia(): Promise<DeviceReport | null> {
  try {
    const { stdout } = await promisify(execFile)(
      'nvidia-smi',
      ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'],
      { timeout: 5000 },
    );
    const [name, mebibytes] = (stdout.split('\n')[0] ?? '').split(',').map((part) => part.trim());
    if (!name) return null;
    const memory = Number(mebibytes) * 2 ** 20;
    return { name, memory: Number.isFinite(memory) && memory > 0 ? memory : null };
  } catch {
    return null;
  }
}
