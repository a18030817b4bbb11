// Our side in a process of its own, on one backend.
// usage: node scripts/ts.mjs test/bench/peers/ours.ts CASE_FOLDER BACKEND
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { readSafetensors } from '@vogjs/formats';
import { createTracker, type Tracker } from '@vogjs/core';
import { type BackendName, selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import { type CaseFile, inputsOf, NETWORKS } from './cases.js';
import { peakBytes, residentBytes, resetPeak } from './process-memory.js';
import type { MemoryReply, MemoryRequest, RunReply, RunRequest } from './protocol.js';
import { loadWeights } from './weights.js';

/** Checkpoints of one example before memory is measured. */
const WARM_UP = 100;

const [folder, backend] = process.argv.slice(2) as [string, BackendName];
const reply = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
// What a library prints must not stand among the replies.
console.log = console.info = console.error;

const { version, notes } = await selectBackend(backend);
const software = notes.find((note) => note.includes('a software adapter'));
if (software !== undefined) throw new Error(`${software}: no figure of a GPU`);
const { network, chunkSize } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseFile;
const { tensors } = readSafetensors(readFileSync(join(folder, 'probe.safetensors')));
const { data: pixels, shape } = tensors['images']!;
const allInputs = inputsOf(pixels as Uint8Array, shape);
const allLabels = Int32Array.from(tensors['labels']!.data as Int32Array);
const model = NETWORKS[network]();

const load = (checkpoint: number): void =>
  loadWeights(model, readSafetensors(readFileSync(join(folder, `checkpoint-${checkpoint}.safetensors`))));

function trackerOf(examples: number, activation: 'logit' | 'softmax' = 'logit'): Tracker {
  const whole = examples === allLabels.length;
  const inputs = whole ? allInputs : tf.slice(allInputs, 0, examples);
  const labels = allLabels.subarray(0, examples);
  return createTracker({ inputs, labels, metrics: [vog({ activation })], chunkSize: Math.min(chunkSize, examples) });
}

async function run({ checkpoints, examples, activation }: RunRequest): Promise<RunReply> {
  const tracker = trackerOf(examples, activation);
  let milliseconds = 0;
  let processor = 0;
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const [begin, busy] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const { user, system } = process.cpuUsage(busy);
    milliseconds += performance.now() - begin;
    processor += (user + system) / 1000;
    return result;
  };
  for (let epoch = 0; epoch < checkpoints; epoch++) {
    load(epoch);
    await timed(() => tracker.checkpoint(model, { epoch }));
  }
  const { values } = await timed(() => tracker.scores('vog'));
  tracker.dispose();
  return { seconds: milliseconds / 1000, processorSeconds: processor / 1000, scores: [...values] };
}

/** Compiled code, the heap's room for garbage, threads: what a runtime takes once, whatever it computes. */
async function warmUp(): Promise<void> {
  const tracker = trackerOf(1);
  for (let epoch = 0; epoch < WARM_UP; epoch++) await tracker.checkpoint(model, { epoch });
  await tracker.scores('vog');
  tracker.dispose();
}

async function memory({ at, examples }: MemoryRequest): Promise<MemoryReply> {
  load(0);
  await warmUp();
  const tracker = trackerOf(examples);
  resetPeak();
  const baseline = residentBytes();
  const peaks: number[] = [];
  let epoch = 0;
  for (const checkpoints of at) {
    while (epoch < checkpoints) await tracker.checkpoint(model, { epoch: epoch++ });
    await tracker.scores('vog');
    peaks.push(peakBytes() - baseline);
  }
  return { baseline, peaks, disk: 0 };
}

reply({ ready: version, threads: null });
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as RunRequest | MemoryRequest;
  reply(request.do === 'run' ? await run(request) : await memory(request));
}
// WebGPU's device and TensorFlow's threads would keep the process.
process.exit(0);
