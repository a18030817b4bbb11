import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '@vogjs/core/node';
import { BACKENDS } from '../backend-names.js';
import { describeProcessor } from './device.js';
import type { GradientCheck } from './gradient-check.js';
import { findPackage } from './packages.js';
import type { ProbeJob, ProbeMessage } from './probe.js';
import { type BackendReport, type BackendState, type DeviceReport, type ImagesPerSecond } from './report.js';

/** The package that brings each backend. */
const PACKAGE_OF: Readonly<Record<BackendName, string>> = {
  'tfjs-node-gpu': '@tensorflow/tfjs-node-gpu',
  'tfjs-node': '@tensorflow/tfjs-node',
  webgpu: 'webgpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs',
};

/** All that a probe said before it ended, and how it ended. */
export interface Findings {
  readonly loaded: { readonly backend: string; readonly version: string; readonly notes: readonly string[] } | null;
  readonly device: DeviceReport | null;
  readonly gradient: GradientCheck | null;
  readonly imagesPerSecond: ImagesPerSecond;
  readonly failure: { readonly code: string | null; readonly reason: string } | null;
  /** How the process ended, when it did not end by itself. */
  readonly end: 'done' | 'crashed' | 'hung';
  /** How it crashed, or what it printed last. */
  readonly last: string;
}

/** Runs the probe in a process of its own, which is ended after `seconds`. */
export function runProbe(job: ProbeJob, seconds: number): Promise<Findings> {
  // From source the sibling is TypeScript, and the loader comes along in execArgv.
  const here = import.meta.url;
  const child = fork(fileURLToPath(new URL(`./probe${extname(fileURLToPath(here))}`, here)), [JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env },
  });
  const messages: ProbeMessage[] = [];
  let printed = '';
  let late = false;
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-4000)));
  child.on('message', (message) => messages.push(message as ProbeMessage));
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  return new Promise((resolve) => {
    const settle = (how: string): void => {
      clearTimeout(timer);
      resolve(summarise(messages, late, how, printed));
    };
    child.on('error', (error) => settle(error.message));
    child.on('close', (code, signal) => settle(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

function summarise(messages: readonly ProbeMessage[], late: boolean, how: string, printed: string): Findings {
  const said = <S extends ProbeMessage['step']>(step: S): Extract<ProbeMessage, { step: S }> | null =>
    (messages.find((message) => message.step === step) as Extract<ProbeMessage, { step: S }> | undefined) ?? null;
  const timed = (network: 'lenet' | 'resnet18'): number | null => {
    const message = messages.find((each) => each.step === 'timed' && each.network === network);
    return message?.step === 'timed' ? message.imagesPerSecond : null;
  };
  const ended = said('done') !== null || said('failed') !== null;
  const line = printed.trim().split('\n').at(-1)?.trim();
  return {
    loaded: said('loaded'),
    device: said('device')?.device ?? null,
    gradient: said('gradient'),
    imagesPerSecond: { lenet: timed('lenet'), resnet18: timed('resnet18') },
    failure: said('failed'),
    end: ended ? 'done' : late ? 'hung' : 'crashed',
    last: line === undefined || line === '' ? how : `${how}: ${line.slice(0, 200)}`,
  };
}

/** One backend's report from what its probe found. */
export function reportOf(backend: BackendName, findings: Findings, seconds: number): BackendReport {
  const found = findPackage(PACKAGE_OF[backend]);
  const { state, reason } = judge(findings, found, seconds);
  const { loaded, device, gradient, imagesPerSecond } = findings;
  const unusedGpu = backend === 'tfjs-node-gpu' && device?.name === describeProcessor().name;
  return {
    backend,
    state,
    found,
    loads: loaded !== null,
    version: loaded?.version ?? null,
    device,
    gradient: gradient && {
      error: Number.isFinite(gradient.error) ? gradient.error : null,
      tolerance: gradient.tolerance,
      coordinates: gradient.coordinates,
    },
    imagesPerSecond,
    reason,
    notes: [...(loaded?.notes ?? []), ...(unusedGpu ? ['no GPU is used: see docs/native-tensorflow.md'] : [])],
  };
}

function judge(
  { loaded, gradient, failure, end, last }: Findings,
  found: string | null,
  seconds: number,
): { state: BackendState; reason: string | null } {
  const stage = loaded === null ? 'while loading' : gradient === null ? 'in the gradient check' : 'while it was timed';
  if (end === 'crashed') return { state: 'crashed', reason: `its process died ${stage} (${last})` };
  if (end === 'hung') return { state: 'hung', reason: `no answer within ${seconds} s, ${stage}` };
  if (loaded === null) {
    // The wording of selectBackend has the fix as well; the table has room for the cause.
    const reason = failure?.reason.replace(/^Backend '[^']*' was asked for and cannot be used: /, '') ?? last;
    return found === null ? { state: 'absent', reason: 'not installed' } : { state: 'unusable', reason };
  }
  if (failure !== null) return { state: 'wrong', reason: `${stage}: ${failure.reason}` };
  if (gradient?.right !== true) {
    const error = gradient === null ? 'unknown' : gradient.error.toPrecision(2);
    return { state: 'wrong', reason: `its input gradient is off by ${error} of the largest slope` };
  }
  return { state: 'right', reason: null };
}

/** Whether a name is one that doctor examines. */
export function isExamined(name: string): name is BackendName {
  return (BACKENDS as readonly string[]).includes(name);
}
