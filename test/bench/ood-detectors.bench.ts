// What each detector costs beside a bare forward pass, all of them together, and what fitting costs.
import { collectResources, logits } from '@vogjs/core';
import { uniformFrom } from '@vogjs/testing';
import { allDetectors, type Detector, fitDetectors, scoreOod } from '@vogjs/ood';
import { lenet, normalBatch, seedWeights } from '../zoo.js';
import { benchBackend } from './backend.js';
import { compare, roundsOr } from './harness.js';

const [CHUNK, SCORED, FIT, CLASSES] = [256, 512, 2048, 10];
/** The most that all forward-only detectors may cost together, in bare forward passes of a network as small as this. */
const AT_MOST = 2;

await benchBackend();
const model = seedWeights(lenet(), 1);
const inputs = normalBatch(model, SCORED, uniformFrom(1));
const fitSet = {
  inputs: normalBatch(model, FIT, uniformFrom(2)),
  labels: Int32Array.from({ length: FIT }, (_, i) => i % CLASSES),
};
const all: readonly Detector[] = allDetectors.map((make) => make());
const forwardOnly = all.filter(({ name }) => name !== 'odin');
const options = { chunkSize: CHUNK };
const scoring = async (detectors: readonly Detector[]): Promise<() => Promise<unknown>> => {
  const fitted = await fitDetectors(model, fitSet, detectors, options);
  return () => scoreOod(model, { inputs }, fitted, options);
};
const bare = (): Promise<unknown> => collectResources(model, { inputs }, { logits }, options);

const variants: Record<string, () => Promise<unknown>> = { 'forward pass': bare };
for (const detector of all) variants[detector.name] = await scoring([detector]);
variants['all but odin'] = await scoring(forwardOnly);
await compare(`LeNet 28 x 28, ${SCORED} images, fitted on ${FIT}: scoring against a bare forward pass`, variants, {
  work: { count: SCORED, unit: 'images' },
  targets: { 'all but odin': { atMost: AT_MOST } },
});

const fitting: Record<string, () => Promise<unknown>> = {
  'forward pass': () => collectResources(model, { inputs: fitSet.inputs }, { logits }, options),
};
for (const detector of forwardOnly.filter(({ fit }) => fit !== undefined)) {
  fitting[detector.name] = () => fitDetectors(model, fitSet, [detector], options);
}
fitting['all'] = () => fitDetectors(model, fitSet, forwardOnly, options);
await compare(`LeNet 28 x 28, ${FIT} images: fitting against a bare forward pass`, fitting, {
  rounds: roundsOr(5),
  work: { count: FIT, unit: 'images' },
});
