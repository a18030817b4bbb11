// Only with --all: it draws large pages
import { decode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PixelImages } from '@vogjs/formats/images';
import { Scores } from '@vogjs/core';
import type { ReportInput } from '../../input/report.js';
import { all, everything, render, textOf } from '../../sample.test.helper.js';

const test = suite('gallery');

test('hardest first, easiest first, each with id, given label, percentile and a text alternative', () => {
  const input = everything();
  const { document } = render(input);
  const order = Array.from(input.scores.ranking(), (example) => `image-${example}`);
  const shown = (id: string) => all(document, `#${id} .id`).map(({ textContent }) => textContent);
  assert.equal(shown('hardest'), order.slice(0, 5));
  assert.equal(shown('easiest'), order.slice(-5).reverse());
  for (const item of all(document, '.gallery li')) {
    const alternative = item.querySelector('img')!.getAttribute('alt')!;
    assert.match(alternative, /^Example image-\d+, labelled (cat|dog|emu), .*percentile \d+\.\d$/);
    assert.match(alternative, item.querySelector('.id')!.textContent!);
  }
});

test('the true class stands beside a wrong label and nowhere else', () => {
  const { document } = render(everything());
  const items = all(document, '.gallery li');
  const flagged = items.filter((item) => item.classList.contains('flagged'));
  assert.ok(flagged.length > 0 && flagged.length < items.length);
  for (const item of items) {
    assert.is(item.querySelector('.truth') !== null, item.classList.contains('flagged'));
    const { example } = /image-(?<example>\d+)/.exec(item.textContent!)!.groups!;
    assert.is(Number(example) % 10 === 0, item.classList.contains('flagged'));
  }
});

test('the picture is the example', () => {
  const input = everything();
  const { document } = render(input);
  const hardest = input.scores.ranking()[0]!;
  const source = document.querySelector('#hardest img')!.getAttribute('src')!;
  const { data, width, height } = decode(Buffer.from(source.split(',')[1]!, 'base64'));
  assert.equal([width, height], [4, 4]);
  assert.equal([...data], Array.from((input.images as PixelImages).data).slice(hardest * 16, (hardest + 1) * 16));
});

test('each class opens without a script onto its own hardest and easiest', () => {
  const { document } = render(everything());
  const classes = all(document, 'details.class');
  assert.equal(
    classes.map((part) => part.querySelector('summary')!.textContent!.trim().split(/\s/)[0]),
    ['cat', 'dog', 'emu'],
  );
  classes.forEach((part, label) => {
    const galleries = [...part.querySelectorAll('.gallery')];
    assert.equal(
      galleries.map((gallery) => gallery.children.length),
      [2, 2],
    );
    for (const id of part.querySelectorAll('.id')) assert.is(Number(id.textContent!.split('-')[1]) % 3, label);
  });
});

test('examples without pictures come as tables with the same facts', () => {
  const { images: _, ...input } = everything();
  const { document } = render(input);
  assert.is(all(document, 'img, .gallery').length, 0);
  const rows = all(document, '#hardest tbody tr');
  assert.is(rows.length, 5);
  assert.match(rows[0]!.textContent!, `image-${input.scores.ranking()[0]}`);
  const columns = all(document, '#hardest thead th').map(({ textContent }) => textContent);
  assert.equal(columns, ['id', 'given label', 'true label', 'prediction', 'percentile', 'score']);
  for (const row of rows) assert.is(row.children.length, columns.length);
});

/** Ten thousand noise pictures: nothing compresses worse. */
function many(classCount: number, side: number): ReportInput {
  const size = 10_000;
  const labels = Int32Array.from({ length: size }, (_, example) => example % classCount);
  const data = new Uint8Array(size * side * side * 3);
  for (let index = 0, state = 1; index < data.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data[index] = state >>> 24;
  }
  const values = Float32Array.from({ length: size }, (_, example) => (example * 7919) % size);
  const ids = Array.from({ length: size }, (_, example) => `example-${example}`);
  const scores = new Scores({
    metric: 'vog',
    column: 'vog',
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 9,
    values,
    ids,
    labels,
  });
  const predictions = labels.map((label, example) => (example % 7 ? label : (label + 1) % classCount));
  return { title: 'Many', scores, predictions, trueLabels: labels, images: { data, shape: [size, side, side, 3] } };
}

for (const [classCount, side] of [
  [10, 32],
  [100, 32],
  [10, 64],
] as const) {
  test(`10,000 noise pictures of ${side} x ${side} in ${classCount} classes stay under 1 MB, each class with both ends`, () => {
    const { page, document } = render(many(classCount, side));
    assert.ok(Buffer.byteLength(page) < 1_000_000, `${Buffer.byteLength(page)} bytes`);
    assert.is(all(document, 'details.class').length, classCount);
    assert.ok(all(document, 'details.class .gallery img').length >= 2 * classCount);
  });
}

test('far too many classes for galleries: the page says so', () => {
  const { document } = render(many(2500, 8));
  assert.match(textOf(document, '#by-class'), 'too large');
});

test.run();
