import {
  COMMON_OPTIONS,
  firstImages,
  folder,
  type ImageSet,
  type Program,
  readCommonOptions,
  readImages,
  startRun,
  type TypedOptions,
  UsageError,
  wholeNumber,
  writeResults,
} from '@vogjs/example-shared';
import { analyseReadings } from './analysis.js';
import { type CheckpointFolder, openCheckpoints } from './checkpoints.js';
import { identityOf, readShard, writeShard } from './shard-files.js';
import { type Columns, scoreShard } from './shard.js';
import { readingsMarkdown } from './tables.js';
import { LEAST_CHECKPOINTS } from './windows.js';

const ALL = 10_000;
const QUICK = 200;
/** Images that are scored together, and saved: their running variances are in memory at once. */
const SHARD = 500;

export const readings: Program = {
  name: 'readings',
  description: 'Every reading of VoG, from saved checkpoints: what is differentiated, of which label, when',
  options: [
    ['--run <folder>', 'Checkpoints of a training, such as ../shared/data/runs/cifar10-resnet9'],
    ['--count <n>', `Test images, the first ones (default: ${ALL}; --quick ${QUICK})`],
    ['--data <folder>', 'Standard files of the data set (default: ../shared/data)'],
    ...COMMON_OPTIONS,
  ],
  run: async (typed) => {
    const options = readOptions(typed);
    const { run, count, data, out, seed } = options;
    await startRun(options);
    const checkpoints = await openCheckpoints(run, data);
    try {
      const { title, count: checkpointCount } = checkpoints;
      if (checkpointCount < LEAST_CHECKPOINTS) {
        throw new UsageError(
          `--run '${run}' has ${checkpointCount} checkpoints: each third of a training needs two, so ${LEAST_CHECKPOINTS}.`,
        );
      }
      const read = await readImages(checkpoints.dataset, { part: 'test', count, folder: data });
      const images = firstImages(read, count);
      const columns = await scoreAll(checkpoints, images, out);
      const result = analyseReadings(columns, images.classNames, seed);
      const markdown = readingsMarkdown(result, title);
      console.log(`\n${markdown}`);
      await writeResults(options, {
        'readings.json': JSON.stringify({ title, checkpoints: checkpointCount, ...result }, null, 1),
        'readings.md': `${markdown}\n`,
      });
    } finally {
      checkpoints.model.dispose();
    }
  },
};

function readOptions(typed: TypedOptions) {
  const common = readCommonOptions(typed);
  const run = folder(typed, 'run');
  if (run === null) throw new UsageError('--run is missing: give a folder of checkpoints.');
  return {
    ...common,
    run,
    count: wholeNumber(typed, 'count', common.quick ? QUICK : ALL, 50, ALL),
    data: folder(typed, 'data'),
  };
}

/** Shard after shard; what `out` holds of them is not done again. */
async function scoreAll(
  checkpoints: CheckpointFolder,
  images: ImageSet,
  out: string | null,
  shard = SHARD,
): Promise<Columns> {
  const size = images.shape[0];
  const parts: Columns[] = [];
  for (let start = 0; start < size; start += shard) {
    const part = imagesFrom(images, start, Math.min(start + shard, size));
    const identity = identityOf(checkpoints, part);
    const saved = out === null ? null : await readShard(out, start, identity);
    const began = performance.now();
    const columns = saved ?? (await scoreShard(checkpoints, part));
    if (saved === null && out !== null) await writeShard(out, start, identity, columns);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`images ${start} to ${start + part.shape[0] - 1}: ${saved === null ? `${seconds} s` : 'done before'}`);
    parts.push(columns);
  }
  return joined(parts);
}

function imagesFrom(set: ImageSet, from: number, to: number): ImageSet {
  const [, height, width, channels] = set.shape;
  const length = height * width * channels;
  return {
    ...set,
    pixels: set.pixels.subarray(from * length, to * length),
    shape: [to - from, height, width, channels],
    labels: set.labels.subarray(from, to),
  };
}

function joined(parts: readonly Columns[]): Columns {
  const names = Object.keys(parts[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, Float32Array.from(parts.flatMap((part) => [...(part[name] as Float32Array)]))]),
  );
}
