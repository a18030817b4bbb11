// What a training pays for being scored beside: the same fit alone, and saving checkpoints that `vogjs score --watch` scores
// in another process; in pairs, in turns. By the clock, since that is what the training waits: it needs a quiet machine and
// a core for each of the two. By the processor time of the training's process, which other programs change less: there,
// what is left is saving, and caches and memory that are shared.
import process from 'node:process';
import { lenet, resnet18, seedWeights } from '../zoo.js';
import { benchBackend } from './backend.js';
import { roundsOr, type Spread, spreadOf, table } from './harness.js';
import { remember } from './history.js';
import { Training, type TrainingOptions, type TrainingTimes } from './watch/training.js';

/** Share of the training's own time that saving and being watched may add. */
const LIMIT = 0.03;
const ROUNDS = roundsOr(6);
const IMAGES = Number(process.env['VOGJS_BENCH_EXAMPLES'] ?? 4000);

const NETWORKS: readonly (TrainingOptions & { readonly rounds: number })[] = [
  {
    name: 'LeNet',
    make: () => seedWeights(lenet(), 1),
    shape: [28, 28, 1],
    examples: IMAGES,
    probe: Math.min(1000, IMAGES),
    epochs: 5,
    batchSize: 32,
    rounds: ROUNDS,
  },
  {
    name: 'ResNet-18',
    make: () => seedWeights(resnet18(), 1),
    shape: [32, 32, 3],
    examples: Number(process.env['VOGJS_BENCH_RESNET_EXAMPLES'] ?? 96),
    probe: 16,
    epochs: 2,
    batchSize: 16,
    rounds: Math.ceil(ROUNDS / 2),
  },
];

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
const range = ({ median, min, max }: Spread): string => `${percent(median)} (${percent(min)} to ${percent(max)})`;

/** Gives whether the share by the clock is met. */
async function compare({ rounds, ...options }: (typeof NETWORKS)[number]): Promise<boolean> {
  const { name, examples, epochs, probe } = options;
  const training = await Training.of(options);
  const alone: TrainingTimes[] = [];
  const watched: TrainingTimes[] = [];
  try {
    // Compilation, caches.
    await training.fit(false);
    for (let turn = 0; turn < rounds; turn++) {
      for (const isWatched of turn % 2 === 0 ? [false, true] : [true, false]) {
        (isWatched ? watched : alone).push(await training.fit(isWatched));
      }
    }
  } finally {
    training.remove();
  }
  const spread = (all: readonly TrainingTimes[], field: keyof TrainingTimes): Spread =>
    spreadOf(all.map((each) => each[field]));
  const share = (field: 'clock' | 'processor'): Spread =>
    spreadOf(watched.map((each, at) => each[field] / (alone[at] as TrainingTimes)[field] - 1));
  const rowOf = (all: readonly TrainingTimes[]): string[] =>
    (['clock', 'saving', 'processor', 'savingProcessor', 'watcher'] as const).map((field) =>
      seconds(spread(all, field).median),
    );
  console.log(`\n${name}, ${examples} examples, ${epochs} epochs, ${probe} scored after each (${rounds} pairs)`);
  console.log(
    table([
      ['seconds, median', 'clock', 'of it saving', 'processor', 'of it saving', "watcher's processor"],
      ['alone', ...rowOf(alone)],
      ['watched', ...rowOf(watched)],
    ]),
  );
  const clock = share('clock');
  const least = spread(watched, 'clock').min / spread(alone, 'clock').min - 1;
  const isMet = clock.median <= LIMIT || least <= LIMIT;
  console.log(`by the clock      ${range(clock)} more, by the least of each ${percent(least)}`);
  console.log(`by the processor  ${range(share('processor'))} more`);
  console.log(`at most ${percent(LIMIT)} by the clock: ${isMet ? 'met' : 'MISSED'}`);
  const title = `${name}, trained beside vogjs score --watch`;
  remember([
    { title, name: 'more time by the clock', value: Number(clock.median.toPrecision(3)), unit: 'share' },
    { title, name: 'more processor time', value: Number(share('processor').median.toPrecision(3)), unit: 'share' },
  ]);
  return isMet;
}

await benchBackend();
for (const each of NETWORKS) if (!(await compare(each))) process.exitCode = 1;
