import {
  firstImages,
  type ImageProbe,
  type ImageSet,
  percent,
  type Program,
  readHumanLabels,
  readImages,
  scoreName,
  shuffleLabels,
  startRun,
  writeResults,
} from '@vogjs/example-shared';
import type { ScorableModel, Scores } from '@vogjs/core';
import { agreementMatrix, betweenRuns } from './agreement.js';
import { type MetricCost, metricCosts } from './cost.js';
import { detect, type Run, trainAndScore } from './experiment.js';
import { type LabelSet, type NoisyLabels, SHUFFLED_SHARE } from './labels.js';
import { memorisationTests } from './memorisation.js';
import { type LabelNoiseOptions, OPTIONS, readOptions } from './options.js';
import { agreementTable, costTable, detectionTable, memorisationTable, type ScoreRow } from './tables.js';

/** Examples on which costs are measured. */
const COST_EXAMPLES = { full: 256, quick: 32 } as const;

export const labelNoise: Program = {
  name: 'label-noise',
  description: 'CIFAR-10 with human label errors (CIFAR-10N) and with shuffled labels: every metric, one run',
  options: OPTIONS,
  run: async (typed) => {
    const options = readOptions(typed);
    const { examples, data } = options;
    const all = await readImages('cifar10', { part: 'train', count: examples, folder: data });
    const images = firstImages(all, examples);
    // Read before anything is trained: a missing file must not be found out after an hour.
    const human = new Map<LabelSet, NoisyLabels>();
    for (const set of options.labelSets) {
      if (set !== 'shuffled') human.set(set, { ...(await readHumanLabels(set, images.labels, data)), shuffled: null });
    }
    const { backend, version } = await startRun(options);
    console.log(`CIFAR-10, first ${examples} training images, ${options.epochs} epochs, ${options.seeds} seeds`);
    const results: Record<string, unknown> = { options, backend, version };
    let costs: MetricCost[] = [];
    for (const [index, set] of options.labelSets.entries()) {
      const onCosts = options.cost && index === 0 ? (measured: MetricCost[]) => void (costs = measured) : null;
      results[set] = await runLabelSet(set, images, human.get(set), options, onCosts);
    }
    if (options.cost) console.log(`\n## Cost of a checkpoint, milliseconds per 1,000 images\n\n${costTable(costs)}`);
    await writeResults(options, { 'label-noise.json': JSON.stringify({ ...results, costs }, null, 1) });
  },
};

/** All runs of one label set, printed; what is returned goes into the JSON file. */
async function runLabelSet(
  set: LabelSet,
  images: ImageSet,
  human: NoisyLabels | undefined,
  options: LabelNoiseOptions,
  onCosts: ((costs: MetricCost[]) => void) | null,
): Promise<unknown> {
  console.log(`\n## ${set}\n`);
  const runs: { readonly run: Run; readonly labels: NoisyLabels }[] = [];
  for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
    const labels = human ?? shuffleLabels(images.labels, SHUFFLED_SHARE, seed);
    const isFirst = seed === options.seed;
    const run = await trainAndScore(images, labels, seed, options, async (model, probe) => {
      if (onCosts !== null && isFirst)
        onCosts(await costsOnSome(model, probe, images, COST_EXAMPLES[options.quick ? 'quick' : 'full']));
    });
    runs.push({ run, labels });
    const { clean, given } = run.accuracy;
    console.log(
      `seed ${seed}: ${percent(noiseRate(labels))} of the labels are wrong; the trained model predicts ` +
        `${percent(given)} of the given labels and ${percent(clean)} of the clean ones; ${run.seconds.toFixed(0)} s`,
    );
  }
  const rows = scoreRows(runs);
  const rate = runs.reduce((sum, { labels }) => sum + noiseRate(labels), 0) / runs.length;
  console.log(`\n${detectionTable(rows, rate)}`);
  const names = rows.map(({ name }) => name);
  const matrix = agreementMatrix(runs.map(({ run }) => run.scores));
  console.log(`\nRank agreement (Spearman, high = hard)\n\n${agreementTable(names, matrix)}`);
  const memorisation = runs.flatMap(({ run, labels }) =>
    labels.shuffled === null ? [] : [{ seed: run.seed, tests: memorisationTests(vogScores(run), labels.shuffled) }],
  );
  if (memorisation.length > 0) {
    console.log(`\nWelch's t-test of VoG, correct against shuffled labels\n\n${memorisationTable(memorisation)}`);
  }
  const summaries = runs.map(({ run: { seed, accuracy, seconds } }) => ({ seed, accuracy, seconds }));
  return { noiseRate: rate, runs: summaries, rows, agreement: { names, matrix }, memorisation };
}

function costsOnSome(model: ScorableModel, probe: ImageProbe, images: ImageSet, most: number): Promise<MetricCost[]> {
  const [size, ...shape] = images.shape;
  const count = Math.min(most, size);
  const { data } = probe.inputs;
  return metricCosts(model, {
    inputs: { data: data.subarray(0, (count * data.length) / size), shape: [count, ...shape] },
    labels: probe.labels.subarray(0, count),
  });
}

function scoreRows(runs: readonly { readonly run: Run; readonly labels: NoisyLabels }[]): ScoreRow[] {
  const detected = runs.map(({ run, labels }) => detect(run, labels));
  return (runs[0]?.run.scores ?? []).map((score, i) => ({
    name: scoreName(score),
    hardDirection: score.hardDirection,
    detected: detected.flatMap((ofRun) => ofRun[i] ?? []),
    betweenRuns: betweenRuns(runs.map(({ run }) => run.scores[i] as Scores)),
  }));
}

function vogScores({ scores }: Run): Scores[] {
  return scores.filter(({ metric }) => metric.startsWith('vog'));
}

function noiseRate({ wrong }: NoisyLabels): number {
  return wrong.reduce((sum, flag) => sum + flag, 0) / wrong.length;
}
