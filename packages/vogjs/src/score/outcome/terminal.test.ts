// Only with --all: it loads every metric for its words
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Summary } from './summary.js';
import { printSummary } from './terminal.js';

const test = suite('the first screen after a run');

function linesOf(summary: Summary): string[] {
  const { log } = console;
  let text = '';
  console.log = (line: string) => void (text += `${line}\n`);
  try {
    printSummary(summary);
  } finally {
    console.log = log;
  }
  return text.trimEnd().split('\n');
}

const long = `a folder/${'of long names/'.repeat(8)}picture`;
const why =
  'Labelled Sandal; the network says Bag 44 %, and 16 % for the label; 19 of its 20 nearest neighbours have another label.';
const kinds = ['label', 'outlier', 'duplicate', 'ambiguous', 'imbalance', 'group', 'image'] as const;
const summary: Summary = {
  run: 'runs/photos',
  examples: 123_456,
  classes: 10,
  checkpoints: 12,
  trained: true,
  metrics: Array.from({ length: 10 }, (_, i) => `m${i}`),
  backend: 'wasm (tfjs 4.22.0)',
  accuracy: 0.12,
  primary: 'vog',
  hardest: Array.from({ length: 5 }, (_, i) => ({
    id: i,
    path: `${long}${i}.png`,
    label: 'Sandal',
    predicted: 'Bag',
    value: i,
  })),
  issues: kinds.map((kind, i) => ({ kind, flagged: i < 5 ? 1000 + i : 0, examined: 123_456, says: '' })),
  labelErrors: Array.from({ length: 30 }, (_, i) => ({
    kind: 'label',
    id: `${long}${i}.png`,
    score: 0.9,
    flagged: true,
    why,
  })),
  notes: Array.from({ length: 9 }, (_, i) => `${i} of 123,456 pictures cannot be decoded: ${long}, ${long}, ${long}`),
  ood: null,
};

test('it fits 80 columns, and what to do next is in the last of 24 rows, whatever was found', () => {
  const lines = linesOf(summary);
  assert.equal(
    lines.filter((line) => line.length > 80),
    [],
  );
  const shown = lines.slice(-23);
  assert.ok(shown.includes('Found') && shown.includes('Next'), lines.join('\n'));
  assert.match(shown.join('\n'), /1,000 of 123,456 +labels are probably wrong/);
  assert.match(shown.join('\n'), /npx vogjs explore runs\/photos --open\n.*npx vogjs report runs\/photos\n/);
});

test('few labels predicted: a training goes on, and of a network that was brought its inputs are looked at', () => {
  const adviceOf = (trained: boolean): string =>
    linesOf({ ...summary, trained })
      .slice(1, 5)
      .join(' ');
  assert.match(adviceOf(true), /12.0 % of the labels\. That is little: more --epochs/);
  assert.match(adviceOf(false), /That is little: before you believe .*inputs are scaled as in training.*--class-names/);
});

test('of sets beside the data the detectors that tell each best are told, and where to look', () => {
  const auroc = { msp: 0.81234, energy: 0.9, vog: 0.4, knn: 0.99 };
  const ood = ['noise', long, 'third'].map((set) => ({ set, examples: 20, auroc }));
  const lines = linesOf({ ...summary, ood });
  assert.ok(lines.every((line) => line.length <= 80));
  const text = lines.join('\n');
  assert.match(text, /Out of distribution, AUROC\n  noise +knn 0\.990, energy 0\.900, msp 0\.812\n/);
  assert.match(text, 'and 1 more set');
  assert.match(text, 'npx vogjs explore runs/photos/ood --open');
});

test('a suspect is told in short, kinds without a finding in one sentence', () => {
  const text = linesOf(summary).join('\n');
  assert.match(text, 'picture0.png  Labelled Sandal; the network says Bag 44 %\n');
  assert.match(text, 'and 27 more');
  assert.match(text, 'No weak group, no bad picture.');
  assert.not.match(text, 'Hardest by');
});

test('a reason is shown whole beside short names, and beside long ones by cutting those', () => {
  const unseen = 'Labelled Gentoo; a network that had not seen it says Adelie 97 %, and 1 % for the label; more.';
  const errors = summary.labelErrors.map((each, i) => ({ ...each, id: `${i + 87}`, why: unseen }));
  const short = linesOf({ ...summary, labelErrors: errors }).join('\n');
  assert.match(short, '\n  87  Labelled Gentoo; a network that had not seen it says Adelie 97 %\n');
  const cut = linesOf({ ...summary, labelErrors: summary.labelErrors.map((each) => ({ ...each, why: unseen })) });
  assert.match(cut.join('\n'), '…icture0.png  Labelled Gentoo; a network that had not seen it says Adelie 97 %\n');
});

test('bad pictures are told by their faults', () => {
  const says = '49 faults in 200 images: 40 low information, 9 dark.';
  const text = linesOf({ ...summary, issues: [{ kind: 'image', flagged: 49, examined: 200, says }] }).join('\n');
  assert.match(text, / 49 of 200 +pictures are bad: 40 low information, 9 dark\n/);
});

test('without doubtful labels the hardest are listed', () => {
  const text = linesOf({ ...summary, labelErrors: [], notes: [] }).join('\n');
  assert.match(text, /Hardest by Variance of Gradients.*\n.*picture0\.png +0\.00 +labelled Sandal, predicted Bag/);
});

test.run();
