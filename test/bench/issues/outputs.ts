// What the trainings gave, kept in files: both tools read the same ones, and no training is made twice.
import { readNpy, writeNpy } from '@vogjs/formats';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, CaseData } from './cases.js';
import { trainAll, type TrainedOutputs } from './training.js';

/** Trains, or reads what an earlier run left in the folder of the case. */
export async function outputsOf(
  { name, plan }: Case,
  data: CaseData,
  cache: string,
  log: (line: string) => void,
): Promise<TrainedOutputs & { readonly minutes: number }> {
  const folder = join(cache, name);
  mkdirSync(folder, { recursive: true });
  const facts = join(folder, 'facts.json');
  const identity = JSON.stringify(plan);
  const size = data.labels.length;
  const read = (file: string): Float32Array => readNpy(readFileSync(join(folder, file))).data as Float32Array;
  if (existsSync(facts)) {
    const known = JSON.parse(readFileSync(facts, 'utf8')) as { identity: string; minutes: number };
    if (known.identity === identity) {
      const features = read('features.npy');
      const width = features.length / size;
      return { heldOut: read('held-out.npy'), trained: read('trained.npy'), features, width, minutes: known.minutes };
    }
  }
  const began = performance.now();
  const outputs = await trainAll(data, plan, (line) => log(`${name}: ${line}`));
  const minutes = (performance.now() - began) / 60_000;
  const write = (file: string, values: Float32Array | Int32Array | Uint8Array, shape: readonly number[]): void =>
    writeFileSync(join(folder, file), writeNpy({ data: values, shape: [...shape] }));
  const logits = [plan.epochs, size, data.classes];
  write('held-out.npy', outputs.heldOut, logits);
  write('trained.npy', outputs.trained, logits);
  write('features.npy', outputs.features, [size, outputs.width]);
  write('labels.npy', data.labels, [size]);
  write('wrong.npy', data.wrong, [size]);
  if (data.images) write('images.npy', data.images.pixels, data.images.shape);
  // Last: a folder without it is trained anew.
  writeFileSync(`${facts}.part`, JSON.stringify({ identity, minutes }));
  renameSync(`${facts}.part`, facts);
  return { ...outputs, minutes };
}
