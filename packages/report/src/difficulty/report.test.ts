import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '@vogjs/core';
import { all, everything, render, scoresOf, textOf } from '../sample.test.helper.js';

const test = suite('report');
const sectionIds = (document: Document) => all(document, 'main > section').map(({ id }) => id);

test('with everything given, every section is there, once, headed and linked', () => {
  const { document } = render(everything());
  const expected = ['figures', 'hardest', 'spread', 'error', 'classes', 'easiest', 'by-class', 'reading', 'run'];
  assert.equal(sectionIds(document), expected);
  assert.equal(
    all(document, 'nav a').map((link) => link.getAttribute('href')),
    expected.map((id) => `#${id}`),
  );
  for (const id of expected) assert.ok(textOf(document, `#${id} > h2`).length > 2, id);
  assert.is(all(document, 'h1').length, 1);
  const ids = all(document, '[id]').map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length, 'ids are unique');
});

test('every tag that opens closes, in order', () => {
  const { page } = render(everything());
  const empty = new Set(['meta', 'img', 'br']);
  const open: string[] = [];
  for (const [, close, name, selfClosed] of page.matchAll(/<(\/?)([a-zA-Z][\w-]*)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (empty.has(name!) || selfClosed) continue;
    if (close) assert.is(open.pop(), name);
    else open.push(name!);
  }
  assert.equal(open, []);
});

test('the page asks for nothing: no script, no address of another file, and a policy that forbids it', () => {
  const { page, document } = render(everything());
  assert.is(all(document, 'script, link, iframe, object, embed, form').length, 0);
  for (const image of all(document, 'img')) assert.match(image.getAttribute('src')!, /^data:image\/png;base64,/);
  assert.not.match(page, /url\(|@import/);
  // The one address that may stand in the file is the name of the SVG language, which is not a resource.
  assert.not.match(
    page.replaceAll('http://www.w3.org/2000/svg', '').replaceAll('http://www.w3.org/1999/xlink', ''),
    /https?:/,
  );
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')!;
  assert.match(policy, "default-src 'none'");
  assert.not.match(policy, /https?:|\*/);
});

test('titles, ids, class names, figures, facts and notes are text, whatever they hold', () => {
  const evil = `<img src="https://evil.example/x" onerror='alert(1)'>&"`;
  const input = everything();
  const ids = Array.from({ length: 60 }, (_, example) => `${evil}${example}`);
  const { document } = render({
    ...input,
    title: evil,
    scores: scoresOf({ ids }),
    classNames: [evil, `${evil}2`, 'emu'],
    figures: [{ label: evil, value: evil, note: evil }],
    facts: [{ label: evil, value: evil }],
    flagged: { flags: Array.from({ length: 60 }, (_, example) => example % 4 === 0), name: evil },
    metric: { title: evil, meaning: evil },
  });
  assert.is(textOf(document, 'h1'), evil);
  assert.is(textOf(document, 'title'), evil);
  assert.is(textOf(document, '.figures .value'), evil);
  assert.ok(textOf(document, '.gallery .id').includes(evil));
  const injected = [
    ...all(document, '[onerror]'),
    ...all(document, 'img').filter((image) => !image.getAttribute('src')!.startsWith('data:')),
  ];
  assert.equal(
    injected.map(({ outerHTML }) => outerHTML),
    [],
  );
  assert.ok(
    all(document, 'svg title').some((title) => title.textContent!.includes(evil)),
    'class names in the chart',
  );
});

test('the direction of the score is stated at the top and in the explanation', () => {
  const { document } = render(everything());
  assert.is(textOf(document, '.direction'), 'high = hard');
  assert.match(textOf(document, '#reading dd'), 'High = hard, low = easy');
});

test('each detection figure has its random baseline beside it', () => {
  const { document } = render(everything());
  const notes = all(document, '#figures li').map((card) => card.textContent!);
  assert.match(
    notes.find((text) => text.includes('AUROC'))!,
    'random order 0.500',
  );
  assert.match(
    notes.find((text) => text.includes('Precision'))!,
    'random choice 10 %',
  );
  assert.match(
    notes.find((text) => text.includes('Average precision'))!,
    'random order 0.100',
  );
  assert.match(
    notes.find((text) => text.includes('hardest tenth'))!,
    'all examples',
  );
  assert.match(notes[0]!, 'Accuracy');
});

test('charts exist for wide and narrow screens, each described in words, in colours of the page', () => {
  const { document } = render(everything());
  const charts = all(document, 'svg');
  assert.is(charts.length, 2 * (1 + 1 + 2 + 1), 'histogram, error, two windows, classes');
  for (const chart of charts) {
    assert.ok(chart.getAttribute('aria-label')!.length > 30);
    assert.not.match(chart.outerHTML, /#[0-9a-f]{6}\b|NaN|undefined/);
  }
});

test('sections whose data is absent are absent', () => {
  const { title, scores } = everything();
  const { document } = render({ title, scores });
  assert.equal(sectionIds(document), ['hardest', 'spread', 'easiest', 'by-class', 'reading', 'run']);
  assert.is(all(document, 'img').length, 0);
  assert.not.match(textOf(document, '#reading'), 'AUROC');
  assert.not.match(textOf(document, '#reading'), 'Correlation');
});

test('one class: no scatter and no galleries by class; nothing flagged: no detection', () => {
  const input = everything();
  const scores = scoresOf();
  const one = Object.assign(scores, { labels: new Int32Array(60) });
  const { document } = render({ ...input, scores: one, windows: undefined, trueLabels: new Int32Array(60) });
  assert.not.ok(sectionIds(document).some((id) => id === 'classes' || id === 'by-class'));
  assert.not.match(textOf(document, '#figures'), 'AUROC');
});

test('no score yet: the page says so and why, and shows no empty charts', () => {
  const scores = scoresOf({ values: new Float32Array(60).fill(NaN), checkpoints: 1 });
  const { document } = render({ ...everything(), scores, windows: undefined, figures: [] });
  assert.match(textOf(document, '.notice'), 'no scores yet');
  assert.equal(sectionIds(document), ['reading', 'run']);
});

test('some scores missing: they are left out, and counted', () => {
  const values = scoresOf().values.map((value, example) => (example < 7 ? NaN : value));
  const { page, document } = render({ ...everything(), scores: scoresOf({ values }) });
  assert.match(textOf(document, '.notice'), '7 of 60 examples have no score');
  assert.match(textOf(document, '#error'), 'All 53 examples');
  assert.not.match(page, 'NaN');
});

test('infinite scores rank, and stay off the axes', () => {
  const values = scoresOf().values.map((value, example) => (example === 11 ? Infinity : value));
  const { document } = render({ ...everything(), scores: scoresOf({ values }) });
  assert.match(textOf(document, '#hardest li'), 'image-11');
  assert.ok(sectionIds(document).includes('spread'));
});

test('lengths that differ and images of another shape are refused before anything is drawn', () => {
  const input = everything();
  const refused = (code: string, changes: object) =>
    assert.throws(
      () => render({ ...input, ...changes }),
      (error: unknown) => error instanceof VogError && error.code === code,
    );
  refused('PROBE_MISMATCH', { predictions: [1, 2] });
  refused('PROBE_MISMATCH', { trueLabels: [1, 2] });
  refused('PROBE_MISMATCH', { flagged: { flags: [1], name: 'odd' } });
  refused('PROBE_MISMATCH', { images: { data: new Uint8Array(16), shape: [1, 4, 4, 1] } });
  refused('INPUT_SHAPE', { images: { data: new Uint8Array(60), shape: [60, 4, 4, 1] } });
  refused('INPUT_SHAPE', { images: { data: new Uint8Array(60 * 2), shape: [60, 1, 1, 2] } });
  refused('ARGUMENT_INVALID', { gallerySize: -1 });
});

test.run();
