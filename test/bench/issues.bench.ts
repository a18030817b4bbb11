// What findIssues finds beside cleanlab's Datalab and cleanvision, on real data: docs/experiments/issues.md.
import { selectBackend } from '@vogjs/core/node';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { machineLine } from './harness.js';
import { CASES, type CaseData, SEED } from './issues/cases.js';
import { compareCopies } from './issues/copies.js';
import { issuesPython } from './issues/environment.js';
import { compareFaults, faultyImages } from './issues/faults.js';
import { cacheFolder } from './issues/folder.js';
import { compareLabels, heldOutProbabilities } from './issues/labels.js';
import { outputsOf } from './issues/outputs.js';
import { compareOutliers, plantOutliers } from './issues/outliers.js';
import { askPeers, type PeerImage } from './issues/peer.js';
import { copyTable, faultTable, labelTable, outlierTable } from './issues/tables.js';

function imagesOf({ images }: CaseData): PeerImage[] {
  const [size, height, width, channels] = images!.shape;
  const length = height * width * channels;
  return Array.from({ length: size }, (_, i) => ({
    data: images!.pixels.slice(i * length, (i + 1) * length),
    width,
    height,
    channels: channels as 1 | 3,
  }));
}

async function main(python: string, cache: string): Promise<void> {
  const names = (process.env['VOGJS_BENCH_CASES'] ?? '').split(',').filter((name) => name !== '');
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const { backend, version } = await selectBackend('auto');
  console.log(machineLine(`trained on ${backend} (${version})`));
  for (const each of CASES.filter(({ name }) => wanted(name))) {
    const data = await each.read();
    const outputs = await outputsOf(each, data, cache, console.log);
    const images = data.copies ? imagesOf(data) : undefined;
    const peer = askPeers(python, join(cache, each.name, 'peer'), {
      labels: data.labels,
      probabilities: heldOutProbabilities(outputs, data),
      features: { data: outputs.features, shape: [data.labels.length, outputs.width] },
      ...(images && { images }),
    });
    const labels = compareLabels(data, outputs, peer.datalab!.label!);
    console.log(`\n### ${each.title}\n\n${labelTable(labels)}\n`);
    const minutes = `${outputs.minutes.toFixed(1)} minutes of training; finding took ${labels.seconds.toFixed(1)} s of one core`;
    console.log(`${data.labels.length} examples, ${minutes}, Datalab ${peer.datalab!.seconds.toFixed(1)} s.`);
    if (images) console.log(`\n${copyTable(compareCopies(data, outputs, images, peer))}`);
    if (each.name === 'optdigits') {
      const planted = plantOutliers(data, 0.02, SEED);
      const answer = askPeers(python, join(cache, 'outliers', 'peer'), {
        labels: data.labels,
        features: planted.features,
      });
      console.log(
        `\n### optdigits, 2 % planted outliers\n\n${outlierTable(compareOutliers(planted, answer.datalab!.outlier))}`,
      );
    }
  }
  if (wanted('faults')) {
    const { images, faults } = await faultyImages(4000, SEED);
    const peer = askPeers(python, join(cache, 'faults', 'peer'), { images });
    const { rows, seconds } = compareFaults(images, faults, peer);
    console.log(`\n### CIFAR-10, planted image faults\n\n${faultTable(rows)}\n`);
    console.log(
      `${images.length} images; ours ${seconds.toFixed(1)} s of one core, cleanvision ${peer.cleanvision!.seconds.toFixed(1)} s.`,
    );
    console.log(
      Object.entries(peer.versions)
        .map((entry) => entry.join(' '))
        .join(', '),
    );
  }
}

const cache = cacheFolder();
mkdirSync(cache, { recursive: true });
// Trainings of half an hour and large downloads are only for who asked for this benchmark.
if (process.env['VOGJS_BENCH_NAMED'] !== '1') {
  console.log('only by name: pnpm bench issues');
} else {
  const python = issuesPython(cache);
  if (typeof python === 'string') await main(python, cache);
  else {
    console.log(`no comparison: the scratch environment cannot be made here: ${python.reason}`);
    process.exitCode = 1;
  }
}
