import { scoreAll } from '../readings/score-all.js';
import type { Columns } from '../readings/shard.js';
import {
  COMMON_OPTIONS,
  folder,
  modelInputs,
  percent,
  type Program,
  readCommonOptions,
  startRun,
  type TypedOptions,
  UsageError,
  writeResults,
} from '@vogjs/example-shared';
import { predictionDepth, prototypicality } from '@vogjs/metrics';
import { labelIssues } from '@vogjs/statistics';
import { logitsOf, probabilitiesOf } from './logits.js';
import { askPeers, type PeerAnswer } from './peers.js';
import { type ScoreRow, scoreRow, scoreTable, peerRows, rowsOf, suspectRow, suspectTable } from './rows.js';
import { everyMetric, outOfSample, scoringBy } from './score-fold.js';
import { suspectsOf } from './suspects.js';
import { openTrainings, type Trainings } from './trainings.js';

/** One layer of each stage of ResNet-9, from the input's side. */
const LAYERS = ['prep.bn', 'l1.bn', 'r1.b.bn', 'l2.bn', 'l3.bn', 'r3.b.bn'] as const;

export const labelErrors: Program = {
  name: 'label-errors',
  description: "Every metric, cleanlab and Datagnosis on people's labels of CIFAR-10: which scores find the wrong ones",
  options: [
    ['--run <folder>', 'A ResNet-9 trained by examples/paper/src/train with --labels'],
    ['--without <folder>', 'The same training with --without a fold: the images of that fold are scored'],
    ['--python <path>', 'A Python with cleanlab or Datagnosis, to compare with (default: none)'],
    ['--data <folder>', 'CIFAR-10 binary version and the CIFAR-10N label file (default: ../shared/data)'],
    ...COMMON_OPTIONS,
  ],
  run: async (typed) => {
    const { run, without, python, data, ...options } = readOptions(typed);
    await startRun(options);
    const trainings = await openTrainings(run, without, data);
    try {
      const { images, wrong, set, testAccuracy } = trainings;
      const errors = wrong.reduce((sum, flag) => sum + flag, 0);
      console.log(
        `${set}: ${images.shape[0]} images, ${percent(errors / wrong.length)} of their labels wrong; test accuracy ` +
          `${percent(testAccuracy.own)}, without the fold ${percent(testAccuracy.other)}`,
      );
      const result = await evaluate(trainings, options.out, python, options.seed);
      const markdown = `${scoreTable(result.rows, errors / wrong.length)}\n\n${suspectTable(result.suspects)}`;
      console.log(`\n${markdown}`);
      await writeResults(options, {
        [`label-errors-${set}.json`]: JSON.stringify({ set, errors, testAccuracy, ...result }, null, 1),
        [`label-errors-${set}.md`]: `${markdown}\n`,
      });
    } finally {
      trainings.own.model.dispose();
      trainings.other.model.dispose();
    }
  },
};

async function evaluate(trainings: Trainings, out: string | null, python: string | null, seed: number) {
  const { own, other, settings, set, images, wrong } = trainings;
  const [classes, { labels }] = [images.classNames.length, images];
  const columns: Columns = {
    ...(await scoreAll(own, images, out, scoringBy(`every-metric-${set}`, everyMetric(settings)))),
    ...(await finalScores(trainings)),
  };
  const unseen = await scoreAll(other, images, out, scoringBy(`out-of-sample-${set}`, outOfSample()));
  const logits = await logitsOf(own, images);
  const last = (await logitsOf(other, images)).slice(-labels.length * classes);
  const probabilities = probabilitiesOf(last, classes);
  const peers = python === null ? NONE : askPeers(python, { labels, logits, probabilities, classes });
  for (const [name, why] of Object.entries(peers.absent)) console.log(`${name} is left out: ${why}`);
  const evidence = { labels, columns, logits, classes };
  const [alone, both] = [suspectsOf(evidence, null), suspectsOf(evidence, probabilities)];
  const rows: ScoreRow[] = [
    ...rowsOf(columns, '', wrong, seed),
    ...rowsOf(unseen, ', out of sample', wrong, seed),
    scoreRow('findLabelErrors, this training', 'high', alone.suspicion, wrong, seed),
    scoreRow('findLabelErrors, and out of sample', 'high', both.suspicion, wrong, seed),
    ...peerRows(peers, wrong, seed),
  ];
  const issues = new Uint8Array(labels.length);
  for (const { index } of labelIssues({ data: probabilities, shape: [labels.length, classes] }, labels))
    issues[index] = 1;
  const suspects = [
    suspectRow('findLabelErrors, this training', alone.flagged, wrong),
    suspectRow('findLabelErrors, and out of sample', both.flagged, wrong),
    suspectRow('labelIssues, out of sample', issues, wrong),
    ...Object.entries(peers.flags).map(([name, flags]) => suspectRow(`${name}, out of sample`, flags, wrong)),
  ];
  return { rows, suspects, versions: peers.versions };
}

const NONE: PeerAnswer = { versions: {}, scores: {}, flags: {}, absent: {} };

/** What compares the images with one another, once, by the last checkpoint. */
async function finalScores({ own, images }: Trainings): Promise<Columns> {
  await own.load(own.count - 1);
  const { data, shape, labels } = modelInputs(images, own.scaling);
  const probe = { inputs: { data, shape: [...shape] }, labels };
  const depth = await predictionDepth(own.model, probe, {
    layers: [...LAYERS],
    pool: 'average',
    k: Math.min(30, labels.length - 1),
  });
  const distance = await prototypicality(own.model, probe);
  return {
    [`${depth.hardDirection} prediction-depth`]: depth.values,
    [`${distance.hardDirection} prototypicality`]: distance.values,
  };
}

function readOptions(typed: TypedOptions) {
  const [run, without] = [folder(typed, 'run'), folder(typed, 'without')];
  if (run === null) throw new UsageError('--run is missing: the folder of a training with --labels.');
  if (without === null) throw new UsageError('--without is missing: the folder of the training without a fold.');
  return { ...readCommonOptions(typed), run, without, python: folder(typed, 'python'), data: folder(typed, 'data') };
}
