// Only with --all: it renders whole pages
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorByPercentile, errorsOf, evaluateDetection } from '@vogjs/statistics';
import { all, everything, render, textOf } from '../../sample.test.helper.js';

const test = suite('figures');

test('the figures of the page are those of the analysis', () => {
  const input = everything();
  const { document } = render(input);
  const { scores } = input;
  const flags = Array.from(scores.labels!, (label, example) => label !== input.trueLabels![example]);
  const detection = evaluateDetection(scores, flags);
  const errors = errorByPercentile(scores, errorsOf(scores.labels!, input.predictions!));
  const values = all(document, '#figures .value').map(({ textContent }) => textContent);
  assert.equal(values.slice(0, 2), ['86 %', detection.auroc.toFixed(3)]);
  assert.is(values[3], detection.averagePrecision.toFixed(3));
  assert.is(Number.parseFloat(values[4]!), Number(errors.top.error.toFixed(errors.top.error < 9.95 ? 1 : 0)));
});

test('the table under the error chart holds every bin of every window', () => {
  const { document } = render(everything());
  assert.is(all(document, '#error tbody tr').length, 10);
  assert.equal(
    all(document, '#error thead th')
      .slice(2)
      .map(({ textContent }) => textContent),
    ['complete, % wrong', 'early, % wrong', 'late, % wrong'],
  );
});

test('the class table is ordered by difficulty, and both correlations have a p-value', () => {
  const { document } = render(everything());
  const scores = all(document, '#classes tbody td:nth-child(3)').map(({ textContent }) =>
    Number(textContent!.replace('−', '-')),
  );
  assert.equal(
    scores,
    scores.toSorted((first, second) => second - first),
  );
  assert.is(textOf(document, '.statement').match(/p [=≈]/g)!.length, 3);
});

test('flags without true labels mark the example in words, not by colour alone', () => {
  const { trueLabels: _, ...input } = everything();
  const flags = Array.from({ length: 60 }, () => true).fill(false, 0, 30);
  const { document } = render({ ...input, flagged: { flags, name: 'odd ones' } });
  const flagged = all(document, '.gallery .flagged');
  assert.ok(flagged.length > 0);
  for (const item of flagged) {
    assert.match(item.querySelector('img')!.getAttribute('alt')!, 'flagged');
    assert.match(item.querySelector('figcaption')!.textContent!, 'flagged');
  }
  assert.match(textOf(document, '.legend'), 'odd ones (30)');
});

test.run();
