// Only with --all: it draws large pages
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { detectLabelErrors, evaluateDetection, rankAgreement } from '@vogjs/statistics';
import { VogError } from '@vogjs/core';
import { all, everything, render, textOf } from '../sample.test.helper.js';
import { dataMapOf, metricOf, several } from '../several.test.helper.js';

const test = suite('several metrics');
const texts = (document: Document, selector: string) =>
  all(document, selector).map(({ textContent }) => textContent!.trim());

test('what concerns all metrics comes first, then a tab for each, the main metric first', () => {
  const { document } = render(several());
  assert.equal(
    all(document, 'main > section').map(({ id }) => id),
    ['figures', 'comparison', 'suspects', 'data-map', 'agreement', 'metrics', 'reading', 'run'],
  );
  assert.equal(texts(document, '.tab-list label'), ['vog', 'aum', 'forgetting count']);
  assert.equal(texts(document, '.panel > h3'), [
    'Variance of Gradients (VoG) of the probability',
    'Area under the margin (AUM)',
    'Forgetting events',
  ]);
  const ids = all(document, '[id]').map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length, 'ids are unique');
});

test('tabs work without a script: a radio button each, the first chosen, its label and its panel tied to it', () => {
  const { page, document } = render(several());
  assert.is(all(document, 'script').length, 0);
  const radios = all(document, '.tabs > input[type=radio][name=metric]');
  assert.equal(
    radios.map((radio) => radio.hasAttribute('checked')),
    [true, false, false],
  );
  for (const [index, radio] of radios.entries()) {
    assert.is(radio.id, `tab-${index}`);
    assert.is(document.querySelectorAll(`label[for=tab-${index}]`).length, 1);
    assert.ok(page.includes(`#tab-${index}:checked ~ #panel-${index}`), 'a rule shows its panel');
    assert.ok(page.includes(`#tab-${index}:focus-visible ~ .tab-list [for="tab-${index}"]`), 'focus is seen');
    assert.ok(radio.getAttribute('aria-label'));
  }
  const print = page.slice(page.indexOf('@media print'));
  assert.match(print, /\.panel \{ display: block; \}/);
  assert.not.match(page, /\.tabs > input[^}]*display: none/);
});

test('headings go down one level at a time', () => {
  const levels = all(render(several()).document, 'h1, h2, h3, h4, h5').map(({ tagName }) => Number(tagName[1]));
  for (const [index, level] of levels.slice(1).entries())
    assert.ok(level <= levels[index]! + 1, `heading ${index + 1}`);
});

test('every tag that opens closes, in order', () => {
  const { page } = render(several());
  const empty = new Set(['meta', 'img', 'br', 'input']);
  const open: string[] = [];
  for (const [, close, name, selfClosed] of page.matchAll(/<(\/?)([a-zA-Z][\w-]*)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (empty.has(name!) || selfClosed) continue;
    if (close) assert.is(open.pop(), name);
    else open.push(name!);
  }
  assert.equal(open, []);
});

test('the comparison has the figures of the analysis, each metric its own direction, and the random row', () => {
  const input = several();
  const { document } = render(input);
  const flags = Array.from(input.scores.labels!, (label, example) => label !== input.trueLabels![example]);
  const rows = all(document, '.comparison tbody tr').map((row) =>
    [...row.children].map(({ textContent }) => textContent!.trim()),
  );
  for (const [index, [name, scores]] of Object.entries(input.metrics!).entries()) {
    const { auroc, averagePrecision } = evaluateDetection(scores, flags);
    assert.equal(rows[index]!.slice(0, 2), [name, scores.hardDirection]);
    assert.match(rows[index]![2]!, new RegExp(`^${auroc.toFixed(3)}\\s+± 0\\.\\d{3}$`));
    assert.is(rows[index]![3], averagePrecision.toFixed(3));
  }
  assert.match(texts(document, '.comparison tfoot tr')[0]!, /random order\s+0\.500\s*0\.100\s*10 %/);
});

test('the matrices are those of rankAgreement', () => {
  const input = several();
  const { document } = render(input);
  const { spearman, topOverlap } = rankAgreement(input.metrics!);
  const tables = all(document, '.matrix').map((table) =>
    [...table.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map(({ textContent }) => textContent!.trim().replace('−', '-')),
    ),
  );
  const expected = (format: (value: number) => string, matrix: readonly (readonly number[])[]) =>
    matrix.map((row, i) => row.map((value, j) => (i === j ? '1' : format(value))));
  assert.equal(tables, [
    expected((value) => value.toFixed(2), spearman),
    expected((value) => `${(100 * value).toFixed(0)} %`, topOverlap),
  ]);
});

test('a metric without scores, and a constant one, leave the others as they are', () => {
  const input = several();
  const { document, page } = render({
    ...input,
    metrics: { ...input.metrics, none: metricOf(60, 'el2n', () => NaN), flat: metricOf(60, 'margin', () => 1) },
  });
  assert.match(textOf(document, '#agreement'), '1 of the metrics have no scores yet');
  assert.is(all(document, '.matrix').length, 2);
  assert.match(textOf(document, '#panel-3 .notice'), 'No scores yet');
  assert.not.match(page, 'NaN');
});

test('suspects: given, proposed and true label, in words too, with how many are known to be wrong', () => {
  const { document } = render(several());
  const alternatives = all(document, '.suspects img').map((image) => image.getAttribute('alt'));
  assert.equal(alternatives, [
    'Example image-30, labelled cat, proposed emu, truly dog, percentile 99.9',
    'Example image-7, labelled dog, percentile 98.9',
    'Example image-50, labelled emu, proposed emu, truly cat, percentile 97.9',
  ]);
  assert.match(
    textOf(document, '#suspects .statement').replace(/\s+/g, ' '),
    '67 % of them are wrong labels; of a random choice 10 %',
  );
  assert.equal(texts(document, '#suspects .reason'), ['reason 0', 'reason 1', 'reason 2']);
});

test('suspects of detectLabelErrors go in as they are; many are counted, not dropped in silence', () => {
  const size = 1500;
  const scores = metricOf(size, 'aum', (example) => example);
  const suspects = detectLabelErrors(scores, { share: 1, predictions: new Int32Array(size) });
  const { document } = render({ title: 'Many', scores, suspects });
  assert.is(all(document, '#suspects tbody tr').length, 1000);
  assert.match(textOf(document, '#suspects summary'), 'The first 1,000');
  assert.match(textOf(document, '#suspects > p'), 'The 1,500 examples');
});

test('the data map draws every example, colours it by correctness, and its table counts the same', () => {
  const { document } = render(several());
  const counts = all(document, '#data-map tbody tr').map((row) => Number(row.children[1]!.textContent));
  assert.equal(counts, [10, 10, 20, 10, 10]);
  const svg = document.querySelector('#data-map .wide svg')!;
  const dots = [...svg.querySelectorAll('path[stroke^="var(--correct"]')];
  const drawn = dots.map((path) => path.getAttribute('d')!.split('M').length - 1);
  assert.equal(
    drawn.toSorted((a, b) => a - b),
    [10, 10, 10, 10, 20],
  );
  assert.is(drawn[0], 20, 'the largest group below the others');
  const rings = svg.querySelector('path[stroke="var(--ink)"]')!;
  assert.is(rings.getAttribute('d')!.split('M').length - 1, 6, 'a ring around each wrong label');
});

test('50,000 examples: the map draws a sample and says so, the table is exact, the file stays small', () => {
  const size = 50_000;
  const scores = metricOf(size, 'vog', (example) => (example * 7919) % size);
  const metrics = Object.fromEntries(
    ['aum', 'el2n'].map((name, index) => [name, metricOf(size, name, (example) => (example * (index + 3)) % 997)]),
  );
  const predictions = scores.labels!.map((label, example) => (example % 9 ? label : (label + 1) % 3));
  const { page, document } = render({ title: 'Large', scores, metrics, predictions, dataMap: dataMapOf(size) });
  assert.match(textOf(document, '#data-map .note'), '4,000 of 50,000 examples are drawn');
  const counts = all(document, '#data-map tbody tr').map((row) =>
    Number(row.children[1]!.textContent!.replace(',', '')),
  );
  assert.is(
    counts.reduce((sum, count) => sum + count, 0),
    size,
  );
  const points = all(document, '#data-map .wide path[stroke^="var(--correct"]');
  assert.is(
    points.reduce((sum, path) => sum + path.getAttribute('d')!.split('M').length - 1, 0),
    4000,
  );
  assert.ok(Buffer.byteLength(page) < 2_000_000, `${Buffer.byteLength(page)} bytes`);
});

test('10,000 noise pictures and 15 metrics stay under 5 MB', () => {
  const [size, side] = [10_000, 32];
  const data = new Uint8Array(size * side * side * 3);
  for (let index = 0, state = 1; index < data.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data[index] = state >>> 24;
  }
  const scores = metricOf(size, 'vog', (example) => (example * 7919) % size);
  const metrics = Object.fromEntries(
    Array.from({ length: 14 }, (_, index) => [
      `metric ${index}`,
      metricOf(size, `metric-${index}`, (example) => (example * (2 * index + 3)) % 9973),
    ]),
  );
  const { page, document } = render({
    title: 'Many',
    scores,
    metrics,
    trueLabels: scores.labels!.map((label, example) => (example % 20 ? label : (label + 1) % 3)),
    predictions: scores.labels!,
    dataMap: dataMapOf(size),
    suspects: detectLabelErrors([scores], { share: 0.1 }),
    images: { data, shape: [size, side, side, 3] },
  });
  assert.ok(Buffer.byteLength(page) < 5_000_000, `${Buffer.byteLength(page)} bytes`);
  assert.is(all(document, '.panel').length, 15);
  for (const panel of all(document, '.panel')) assert.ok(panel.querySelectorAll('.gallery img').length >= 24);
});

test('the main metric alone among metrics is a page of one metric', () => {
  const input = everything();
  assert.is(render({ ...input, metrics: { vog: input.scores } }).page, render(input).page);
});

test('names of metrics, classes proposed and reasons are text, whatever they hold', () => {
  const evil = `<img src="https://evil.example/x" onerror='alert(1)'>&"`;
  const input = several();
  const suspects = [{ index: 1, proposedLabel: 2, percentile: 50, reason: evil }];
  const { document } = render({ ...input, suspects, metrics: { [evil]: metricOf(60, evil, (example) => example) } });
  assert.is(texts(document, '.tab-list label')[1], evil);
  assert.is(textOf(document, '#suspects .reason'), evil);
  assert.is(all(document, '[onerror]').length, 0);
});

test('other lengths and suspects that are no example are refused', () => {
  const refused = (code: string, changes: object) =>
    assert.throws(
      () => render({ ...several(), ...changes }),
      (error: unknown) => error instanceof VogError && error.code === code,
    );
  refused('PROBE_MISMATCH', { metrics: { aum: metricOf(59, 'aum', () => 1) } });
  refused('PROBE_MISMATCH', { dataMap: dataMapOf(59) });
  for (const index of [60, -1, 0.5]) {
    refused('ARGUMENT_INVALID', { suspects: [{ index, proposedLabel: null, percentile: 1, reason: '' }] });
  }
});

test.run();
