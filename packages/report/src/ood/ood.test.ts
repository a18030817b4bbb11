// Only with --all: it draws large pages
import { parseHTML } from 'linkedom';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '@vogjs/core';
import { compareOod, evaluateOod, oodByPercentile } from '@vogjs/ood';
import type { ReportOod } from '../input/ood.js';
import { all, everything, render, textOf } from '../sample.test.helper.js';
import { valuesOf } from './detector.js';
import { renderOodReport } from './report.js';

const test = suite('report of out-of-distribution detection');
const [ins, outs] = [40, 30];
const confidence = (size: number, from: number, step: number) =>
  Float32Array.from({ length: size }, (_, example) => from + ((example * step) % size) / size);
const imagesOf = (size: number) => ({
  data: Uint8Array.from({ length: size * 16 }, (_, index) => (index * 7) % 251),
  shape: [size, 4, 4, 1] as const,
});

function sample(changes: Partial<ReportOod> = {}): ReportOod {
  const scored = (values: Float32Array, detector: string, oodDirection: 'high' | 'low') => ({
    values,
    detector,
    oodDirection,
  });
  return {
    in: {
      name: 'cats',
      images: imagesOf(ins),
      predictions: new Int32Array(ins).fill(1),
      labels: Int32Array.from({ length: ins }, (_, example) => example % 2),
      ids: Array.from({ length: ins }, (_, example) => `cat-${example}`),
    },
    out: { name: 'cars', images: imagesOf(outs), predictions: new Int32Array(outs) },
    classNames: ['tabby', 'siamese'],
    detectors: {
      msp: {
        in: scored(confidence(ins, 0.4, 7), 'msp', 'low'),
        out: scored(confidence(outs, 0, 11), 'msp', 'low'),
      },
      distance: {
        in: scored(confidence(ins, 0, 3), 'distance', 'high'),
        out: scored(confidence(outs, 0.7, 7), 'distance', 'high'),
      },
    },
    gallerySize: 5,
    ...changes,
  };
}
const page = (ood: ReportOod | readonly ReportOod[]) => {
  const text = renderOodReport({ title: 'Cats or cars', ood, facts: [{ label: 'Seed', value: 3 }] });
  return { text, document: parseHTML(text).document };
};

test('the table holds the figures of evaluateOod, half of their interval, and what chance gives', () => {
  const ood = sample();
  const { document } = page(ood);
  const compared = compareOod(ood.detectors, { resamples: 1000 });
  const rows = all(document, '#ood-detectors tbody tr');
  assert.equal(
    rows.map((row) => row.querySelector('th')!.textContent),
    ['msp', 'distance'],
  );
  for (const [index, [name, pair]] of Object.entries(ood.detectors).entries()) {
    const cells = [...rows[index]!.querySelectorAll('td')].map(({ textContent }) =>
      textContent!.replace(/\s+/g, ' ').trim(),
    );
    const { auroc, auprIn, auprOut, fprAtTpr, detectionError, oodDirection } = evaluateOod(pair.in, pair.out);
    assert.is(cells[0], oodDirection);
    for (const [position, figure] of [auroc, auprIn, auprOut, fprAtTpr, detectionError].entries()) {
      assert.ok(
        cells[position + 1]!.startsWith(`${figure.toFixed(3)} ± `),
        `${name}: ${cells[position + 1]} for ${figure}`,
      );
    }
    const margin = (1.96 * compared.detectors[name]!.intervals.auroc.standardError).toFixed(3);
    assert.is(cells[1], `${auroc.toFixed(3)} ± ${margin}`);
  }
  assert.is(rows[0]!.querySelector('td:last-child')!.textContent!.trim(), '–', 'the reference');
  assert.match(rows[1]!.querySelector('td:last-child')!.textContent!, /^\s*[+−]\d\.\d{3}/);
  const chance = all(document, '#ood-detectors tfoot td').map(({ textContent }) => textContent);
  assert.equal(chance, ['', '0.500', '0.571', '0.429', '0.950', '0.500', '0']);
});

test('counts, base rates, positive class and conventions are said in words', () => {
  const { document } = page(sample({ options: { preset: 'openood' } }));
  const text = textOf(document, '#ood');
  for (const said of ['40 examples of', '30 of', '57 %', 'trapezoids', "conventions 'openood'", 'OoD positive']) {
    assert.ok(text.includes(said), said);
  }
});

test('a tab for each detector, reached by keyboard: one radio group, a label and a rule each', () => {
  const { document, text } = page(sample());
  const radios = all(document, '#ood .tabs > input[type=radio]');
  assert.equal(
    radios.map(({ id }) => id),
    ['ood-tab-0', 'ood-tab-1'],
  );
  assert.is(new Set(radios.map((radio) => radio.getAttribute('name'))).size, 1);
  assert.is(radios.filter((radio) => radio.hasAttribute('checked')).length, 1);
  for (const { id } of radios) {
    assert.is(all(document, `label[for=${id}]`).length, 1);
    assert.ok(text.includes(`#${id}:checked ~ #${id.replace('tab', 'panel')}`));
  }
});

test('each detector has its histogram, three curves with their base rate, and its quarters, described in words', () => {
  const ood = sample();
  const { document } = page(ood);
  for (const [index, [name, pair]] of Object.entries(ood.detectors).entries()) {
    const charts = all(document, `#ood-panel-${index} svg`);
    assert.is(charts.length, 2 * (1 + 3 + 1), name);
    const words = charts.map((chart) => chart.getAttribute('aria-label')!).join('\n');
    for (const said of ['Histogram of', 'ROC curve', 'base rate, 57 %', 'base rate, 43 %', 'each quarter']) {
      assert.ok(words.includes(said), said);
    }
    for (const chart of charts) assert.not.match(chart.outerHTML, /#[0-9a-f]{6}\b|NaN|undefined/);
    const { bins } = oodByPercentile(pair.in, pair.out);
    const shares = all(document, `#ood-panel-${index} tbody tr`).map(
      (row) => row.querySelectorAll('td')[1]!.textContent,
    );
    assert.equal(
      shares,
      bins.map(({ out }) => String(Math.round(out))),
    );
  }
});

test('the mistakes are those of the threshold, the most confident first, with picture, prediction and percentile', () => {
  const ood = sample();
  const { document } = page(ood);
  for (const [index, { in: inside, out }] of Object.values(ood.detectors).entries()) {
    const [insValues, outValues] = [Array.from(valuesOf(inside)), Array.from(valuesOf(out))];
    const { thresholds, oodDirection } = evaluateOod(inside, out);
    const beyond = (score: number) => (oodDirection === 'low' ? score < thresholds.atTpr : score > thresholds.atTpr);
    const order = (values: number[], keep: (score: number) => boolean, outFirst: boolean) =>
      [...values.keys()]
        .filter((example) => keep(values[example]!))
        .sort((x, y) => ((oodDirection === 'low') === outFirst ? values[x]! - values[y]! : values[y]! - values[x]!));
    const lost = order(insValues, beyond, true);
    const let_in = order(outValues, (score) => !beyond(score), false);
    assert.ok(lost.length > 0 && let_in.length > 0, 'there are mistakes of both kinds');
    const galleries = all(document, `#ood-panel-${index} .gallery`);
    const idsOf = (gallery: Element) => [...gallery.querySelectorAll('.id')].map((item) => item.textContent!.trim());
    assert.equal(
      idsOf(galleries[0]!),
      lost.slice(0, 5).map((example) => `cat-${example}`),
    );
    assert.equal(idsOf(galleries[1]!), let_in.slice(0, 5).map(String));
    const percentiles = [...galleries[0]!.querySelectorAll('.percentile')].map(({ textContent }) =>
      Number(textContent),
    );
    assert.equal(
      percentiles,
      percentiles.toSorted((x, y) => y - x),
    );
    const alternative = galleries[0]!.querySelector('img')!.getAttribute('alt')!;
    for (const said of ['cats, example cat-', 'labelled', 'predicted siamese', 'score', 'percentile']) {
      assert.ok(alternative.includes(said), `${said} in ${alternative}`);
    }
    assert.match(textOf(document, `#ood-panel-${index}`), `${lost.length} of 40`);
  }
});

test('positive OoD: the threshold itself is out-of-distribution, and its words say what it finds', () => {
  const ood = sample({ options: { positive: 'ood', tpr: 0.9 } });
  const { document } = page(ood);
  const { fprAtTpr } = evaluateOod(ood.detectors['msp']!.in, ood.detectors['msp']!.out, ood.options);
  const panel = textOf(document, '#ood-panel-0');
  assert.match(panel, 'the threshold that finds at least 90 % of cars');
  assert.match(panel, `${Math.round(fprAtTpr * ins)} of 40`);
});

test('warnings stand before the charts of their detector', () => {
  const { msp } = sample().detectors;
  const { document } = page(
    sample({ detectors: { upside: { in: msp!.out, out: msp!.in } }, in: { name: 'a' }, out: { name: 'b' } }),
  );
  assert.match(textOf(document, '#ood .notice'), 'AUROC is');
  assert.is(all(document, '#ood .tabs').length, 0, 'one detector needs no tab');
});

test('no images, no galleries; one example a side, infinities and ties still make a page', () => {
  for (const detectors of [
    { one: { in: [1], out: [0] } },
    { tied: { in: [1, 1, 1, 1], out: [1, 1, 1, 1] } },
    { infinite: { in: [Infinity, Infinity], out: [-Infinity, 1, 2] } },
  ]) {
    const { text, document } = page({ in: { name: 'a' }, out: { name: 'b' }, detectors });
    assert.is(all(document, 'img').length, 0);
    assert.not.match(text, /NaN|undefined/);
    assert.match(textOf(document, '#ood'), 'Where the OoD examples rank');
  }
});

test('in renderReport it is a section among the others, linked and explained; several sets have one each', () => {
  const { document, page: text } = render({ ...everything(), ood: [sample(), sample({ out: { name: 'buses' } })] });
  const sections = all(document, 'main > section').map(({ id }) => id);
  assert.equal(sections.slice(-4), ['ood', 'ood-2', 'reading', 'run']);
  assert.match(textOf(document, 'nav'), 'Out of distribution: buses');
  assert.match(textOf(document, '#reading'), 'AUPR-In');
  const ids = all(document, '[id]').map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length, 'ids are unique');
  assert.ok(text.includes('#ood-2-tab-1:checked ~ #ood-2-panel-1'));
});

test('names are text, whatever they hold, and the page asks for nothing', () => {
  const evil = `<img src="https://evil.example/x" onerror='alert(1)'>&"`;
  const { msp } = sample().detectors;
  const bad = sample({ classNames: [evil, evil], detectors: { [evil]: msp!, b: msp! } });
  const { document } = page({
    ...bad,
    in: { ...bad.in, name: evil, ids: new Array<string>(ins).fill(evil) },
    out: { ...bad.out, name: evil },
  });
  assert.is(all(document, '[onerror], script, link, iframe').length, 0);
  for (const image of all(document, 'img')) assert.match(image.getAttribute('src')!, /^data:image\/png;base64,/);
  assert.is(textOf(document, '.tab-list label'), evil);
});

test('lengths that differ, images of another shape, no detector and bad options are refused', () => {
  const refused = (code: string, changes: Partial<ReportOod>) =>
    assert.throws(
      () => page(sample(changes)),
      (error: unknown) => error instanceof VogError && error.code === code,
    );
  refused('PROBE_MISMATCH', { in: { name: 'a', predictions: [1] } });
  refused('PROBE_MISMATCH', { out: { name: 'a', ids: ['x'] } });
  refused('PROBE_MISMATCH', { out: { name: 'a', images: imagesOf(3) } });
  refused('INPUT_SHAPE', { out: { name: 'a', images: { data: new Uint8Array(3), shape: [outs, 4, 4, 1] } } });
  refused('PROBE_MISMATCH', { detectors: { ...sample().detectors, short: { in: [1], out: [0] } } });
  refused('ARGUMENT_INVALID', { detectors: {} });
  refused('ARGUMENT_INVALID', { gallerySize: 1.5 });
  refused('ARGUMENT_INVALID', { reference: 'none' });
});

test.run();
