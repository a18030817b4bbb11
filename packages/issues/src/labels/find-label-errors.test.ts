import { evaluateDetection } from '@vogjs/statistics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  assertCode,
  blobs,
  fixedDraws,
  freshRandom,
  outputsFor,
  plantErrors,
  precisionAndRecall,
} from '../random.test.helper.js';
import { findLabelErrors, type LabelEvidence } from './find-label-errors.js';

const test = suite('find label errors');
const CLASSES = 4;

function planted(
  share: number,
  { seed, random } = freshRandom(),
): {
  seed: number;
  evidence: Required<LabelEvidence>;
  wrong: Uint8Array;
  truth: Int32Array;
} {
  const { labels: truth, features } = blobs(random, 400, CLASSES);
  const { given, wrong } = plantErrors(random, truth, CLASSES, share);
  const heldOutProbabilities = outputsFor(random, truth, CLASSES);
  const loss = Float32Array.from(
    given,
    (label, i) => -Math.log(heldOutProbabilities.data[i * CLASSES + label]! as number) + 0.3 * random.normal(),
  );
  const trajectories = { 'mean-loss': { values: loss, hardDirection: 'high' as const } };
  const classNames = ['ant', 'bee', 'cat', 'dog'];
  const trainedProbabilities = outputsFor(random, truth, CLASSES);
  return {
    seed,
    truth,
    wrong,
    evidence: { labels: given, classNames, heldOutProbabilities, trainedProbabilities, trajectories, features },
  };
}

test('a tenth of wrong labels is found, counted, and mended', () => {
  for (const draw of fixedDraws()) {
    const { seed, evidence, wrong, truth } = planted(0.1, draw);
    const found = findLabelErrors(evidence);
    const { auroc } = evaluateDetection({ values: found.scores, hardDirection: 'high' }, wrong);
    assert.ok(auroc > 0.97, `seed ${seed}: AUROC ${auroc}`);
    const { precision, recall } = precisionAndRecall(found.flagged, wrong);
    assert.ok(precision > 0.7 && recall > 0.8, `seed ${seed}: precision ${precision}, recall ${recall}`);
    assert.ok(Math.abs(found.estimated.count - 40) <= 20, `seed ${seed}: ${found.estimated.count} estimated`);
    const mended = [...wrong.keys()].filter((i) => wrong[i] === 1 && found.suggested[i] === truth[i]);
    assert.ok(mended.length > 32, `seed ${seed}: ${mended.length} of 40 suggested rightly`);
    assert.equal(found.families, ['heldOut', 'trajectory', 'neighbours']);
  }
});

test('the mean of the families is no worse than the middle one of them', () => {
  for (const draw of fixedDraws()) {
    const { seed, evidence, wrong } = planted(0.15, draw);
    const { labels, heldOutProbabilities, trajectories, features } = evidence;
    const aurocOf = (more: Omit<LabelEvidence, 'labels'>): number =>
      evaluateDetection({ values: findLabelErrors({ labels, ...more }).suspicion, hardDirection: 'high' }, wrong).auroc;
    const single = [{ heldOutProbabilities }, { trajectories }, { features }].map(aurocOf).toSorted((a, b) => a - b);
    const together = aurocOf({ heldOutProbabilities, trajectories, features });
    assert.ok(together >= single[1]! - 0.005, `seed ${seed}: ${together} of ${single}`);
  }
});

test('flagged is what scores 0.5 or more, and nobody whose label is the likeliest', () => {
  const { seed, evidence } = planted(0.2);
  const found = findLabelErrors(evidence);
  for (const [i, score] of found.scores.entries()) {
    assert.is(found.flagged[i] === 1, score >= 0.5, `seed ${seed}, example ${i}`);
    assert.ok(score >= 0 && score <= 1);
    const row = [...(evidence.heldOutProbabilities!.data as Float32Array)].slice(i * CLASSES, (i + 1) * CLASSES);
    if (found.flagged[i] === 1) assert.is.not(row.indexOf(Math.max(...row)), evidence.labels[i]);
  }
});

test('of the estimates the fewest is taken, unless one is asked for', () => {
  const { evidence } = planted(0.1);
  const counts = (['confident', 'mixture', 'otsu'] as const).map((count) => {
    const { estimated } = findLabelErrors(evidence, { count });
    assert.is(estimated.method, count);
    return estimated.count;
  });
  assert.is(findLabelErrors(evidence).estimated.count, Math.min(...counts));
});

test('labels without an error have few flagged', () => {
  for (const draw of fixedDraws()) {
    const { seed, evidence } = planted(0, draw);
    const number = findLabelErrors(evidence).flagged.reduce((sum, flag) => sum + flag, 0);
    assert.ok(number <= 24, `seed ${seed}: ${number} of 400 right labels flagged`);
  }
});

test('trajectories alone, features alone and trained outputs alone each find errors', () => {
  for (const draw of fixedDraws()) {
    const { seed, evidence, wrong } = planted(0.1, draw);
    const { labels, trajectories, features, trainedProbabilities } = evidence;
    for (const alone of [{ trajectories }, { features }, { trainedProbabilities }]) {
      const found = findLabelErrors({ labels, ...alone });
      const { precision, recall } = precisionAndRecall(found.flagged, wrong);
      assert.ok(precision > 0.5 && recall > 0.5, `seed ${seed}, ${Object.keys(alone)}: ${precision}, ${recall}`);
    }
  }
});

test('a sentence says the label, the other class with its probability, the neighbours and the trajectory', () => {
  const { evidence, wrong } = planted(0.1, fixedDraws()[0]);
  const found = findLabelErrors(evidence);
  const example = [...wrong.keys()].find((i) => wrong[i] === 1 && found.flagged[i] === 1)!;
  assert.match(
    found.why(example),
    /^Labelled (ant|bee|cat|dog); a network that had not seen it says (ant|bee|cat|dog) \d+ %, and .* % for the label; \d+ of its 20 nearest neighbours have another label; it was harder to learn than \d+ % of the data\.$/,
  );
  assert.match(found.summary, /^\d+ labels of 400 \(\d+ %\) are probably wrong\.$/);
});

test('examples without outputs are judged by the rest; without anything they have no score', () => {
  const { evidence } = planted(0.1);
  const data = Float32Array.from(evidence.heldOutProbabilities!.data as Float32Array);
  data.fill(Number.NaN, 0, CLASSES);
  const heldOutProbabilities = { data, shape: [400, CLASSES] };
  const alone = findLabelErrors({ labels: evidence.labels, heldOutProbabilities });
  assert.ok(Number.isNaN(alone.scores[0]));
  assert.is(alone.flagged[0], 0);
  assert.is(alone.suggested[0], -1);
  assert.match(alone.why(0), /nothing is known of it/);
  assert.ok(findLabelErrors({ ...evidence, heldOutProbabilities }).scores[0]! >= 0);
});

test('two examples, one class, one example a class and equal features are answered', () => {
  const one = { data: Float32Array.of(0.9, 0.1, 0.8, 0.2), shape: [2, 2] };
  assert.equal([...findLabelErrors({ labels: [0, 0], heldOutProbabilities: one }).flagged], [0, 0]);
  assert.equal([...findLabelErrors({ labels: [0, 1], heldOutProbabilities: one }).flagged].length, 2);
  const equal = { data: new Float32Array(12), shape: [6, 2] };
  const found = findLabelErrors({ labels: [0, 0, 0, 1, 1, 2], features: equal });
  assert.ok([...found.scores].every((score) => score >= 0 && score <= 1));
  const single = findLabelErrors({
    labels: [0],
    features: { data: Float32Array.of(1), shape: [1, 1] },
    heldOutProbabilities: { data: [0.2, 0.8], shape: [1, 2] },
  });
  assert.is(single.scores.length, 1);
});

test('what cannot be judged is refused, with what to do', () => {
  const labels = [0, 1, 1];
  const probabilities = (data: number[]) => ({ labels, heldOutProbabilities: { data, shape: [3, 2] } });
  assertCode('ARGUMENT_INVALID', () => findLabelErrors({ labels }), /labels alone.*heldOutProbabilities/s);
  assertCode('SAMPLE_TOO_SMALL', () => findLabelErrors({ labels: [] }));
  assertCode(
    'LABEL_INVALID',
    () => findLabelErrors({ ...probabilities([1, 0, 1, 0, 1, 0]), labels: [0, 1, 2] }),
    /no column/,
  );
  assertCode('INPUT_NOT_FINITE', () => findLabelErrors(probabilities([3, -1, 0, 1, 0, 1])), /not logits/);
  assertCode('ARGUMENT_INVALID', () => findLabelErrors(probabilities([0.1, 0.1, 0, 1, 0, 1])), /sum to 0.200/);
  assertCode(
    'INPUT_SHAPE',
    () => findLabelErrors({ labels, features: { data: [1], shape: [1, 1] } }),
    /expected \[3, columns\]/,
  );
  assertCode(
    'ARGUMENT_INVALID',
    () => findLabelErrors(probabilities(Array<number>(6).fill(NaN))),
    /at least one number/,
  );
  const wrongLength = { a: { values: [1], hardDirection: 'high' as const } };
  assertCode('PROBE_MISMATCH', () => findLabelErrors({ labels, trajectories: wrongLength }));
  assertCode(
    'ARGUMENT_INVALID',
    () => findLabelErrors({ labels, features: { data: [1, 2, 3], shape: [3, 1] } }, { count: 'confident' }),
    /mixture/,
  );
});

test.run();
