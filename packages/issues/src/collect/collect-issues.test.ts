import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measureImage } from '../images/measure.js';
import { findLabelErrors } from '../labels/find-label-errors.js';
import { findOutliers } from '../outliers/find-outliers.js';
import { assertCode, blobs, freshRandom, plantErrors } from '../random.test.helper.js';
import { collectIssues } from './collect-issues.js';

const test = suite('collect issues');
const image = measureImage({ data: new Uint8Array(64).fill(9), width: 8, height: 8, channels: 1 });

test('each kind is found as by its own function, and listed under its ids', () => {
  const { seed, random } = freshRandom();
  const { labels, features } = blobs(random, 90, 3);
  const { given } = plantErrors(random, labels, 3, 0.1);
  const ids = Array.from({ length: 90 }, (_, i) => `e${i}`);
  const { labelErrors, outliers, issues, summary } = collectIssues({ ids, labels: given, features });
  assert.equal(labelErrors!.scores, findLabelErrors({ labels: given, features }).scores, `seed ${seed}`);
  assert.equal(outliers!.scores, findOutliers({ features }).scores, `seed ${seed}`);
  assert.equal(
    summary.map(({ kind }) => kind),
    ['label', 'outlier', 'duplicate', 'imbalance'],
  );
  const flagged = issues.filter((issue) => issue.kind === 'label' && issue.flagged).map(({ id }) => id);
  assert.is(new Set(flagged).size, flagged.length);
  assert.equal(new Set(flagged), new Set(ids.filter((_, i) => labelErrors!.flagged[i] === 1)), `seed ${seed}`);
});

test('the summary of images counts each once, and says how many there are of each fault', () => {
  const bright = measureImage({ data: new Uint8Array(64).fill(255), width: 8, height: 8, channels: 1 });
  const { summary } = collectIssues({ ids: ['a', 'b', 'c'], images: [image, image, bright] }, { kinds: ['image'] });
  const says = '6 faults in 3 images: 3 blank, 2 dark, 1 bright.';
  assert.equal(summary, [{ kind: 'image', flagged: 3, examined: 3, says }]);
});

test('lists of other examples than the ids are refused, of every kind', () => {
  const ids = ['a', 'b'];
  const three = { data: [1, 2, 3], shape: [3, 1] };
  assertCode('PROBE_MISMATCH', () => collectIssues({ ids, labels: [0, 1, 0] }), /labels has 3 entries for 2/);
  assertCode('PROBE_MISMATCH', () => collectIssues({ ids, images: [null, null, image] }));
  assertCode('PROBE_MISMATCH', () => collectIssues({ ids, contents: ['x'] }));
  assertCode('PROBE_MISMATCH', () => collectIssues({ ids, labels: [0, 1], predicted: [0], metadata: { a: [1, 2] } }));
  assertCode('PROBE_MISMATCH', () => collectIssues({ ids, labels: [0, 1], predicted: [0, 1], metadata: { a: [1] } }));
  assertCode('INPUT_SHAPE', () => collectIssues({ ids, features: three }), /expected \[2, columns\]/);
});

test.run();
