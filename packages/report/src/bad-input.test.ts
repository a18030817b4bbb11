// Only with --all: it draws a page for every wrong input
import { VogError } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderReport } from './difficulty/report.js';
import { renderOodReport } from './ood/report.js';
import { everything, render, scoresOf, textOf } from './sample.test.helper.js';
import { metricOf, several } from './several.test.helper.js';

const test = suite('bad input of a report');

const refusal = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
};

const wrong = [null, 5, 'abc', {}, [null], [{}], () => 1];

test('whatever stands in place of an input: a page or a VogError', () => {
  for (const value of [undefined, ...wrong]) {
    for (const [name, render] of Object.entries({ renderReport, renderOodReport })) {
      assert.instance(
        refusal(() => render(value as never)),
        VogError,
        `${name}(${String(value)})`,
      );
    }
  }
});

test('whatever stands in place of a part of the input: a page or a VogError', () => {
  const ood = {
    in: { name: 'known', predictions: [0, 1] },
    out: { name: 'unknown', ids: ['a', 'b'] },
    detectors: { msp: { in: [3, 2], out: [1, 0] } },
  };
  const { images: _, windows: __, metrics: ___, ...small } = several();
  const whole = {
    ...small,
    metrics: { other: small.scores },
    windows: { early: small.scores },
    ood,
    flagged: { flags: new Uint8Array(60), name: 'odd' },
  };
  assert.is(
    refusal(() => renderReport(whole)),
    undefined,
  );
  const escaped: string[] = [];
  const attempt = (name: string, value: unknown, input: object) => {
    const error = refusal(() => renderReport(input as never));
    if (error === undefined || error instanceof VogError) return;
    escaped.push(`${name} = ${JSON.stringify(value) ?? String(value)}: ${String(error)}`);
  };
  for (const value of wrong) {
    for (const [name, part] of Object.entries(whole)) {
      attempt(name, value, { ...whole, [name]: value });
      if (typeof part !== 'object' || part === null) continue;
      for (const inner of Object.keys(part)) {
        const changed = Array.isArray(part) ? part.with(Number(inner), value as never) : { ...part, [inner]: value };
        attempt(`${name}.${inner}`, value, { ...whole, [name]: changed });
      }
    }
    for (const side of ['in', 'out'] as const) {
      for (const inner of ['name', 'images', 'ids', 'predictions', 'labels']) {
        const changed = { ...ood, [side]: { ...ood[side], [inner]: value } };
        attempt(`ood.${side}.${inner}`, value, { ...whole, ood: changed });
      }
    }
  }
  assert.equal(escaped, []);
});

test('a key that nothing reads is refused: of the report, of images, of flags, of a set', () => {
  const input = everything();
  const ood = { in: { name: 'a' }, out: { name: 'b' }, detectors: { msp: { in: [1], out: [0] } } };
  for (const changes of [
    { predicted: [] },
    { images: { ...input.images, labels: [] } },
    { flagged: { flags: new Uint8Array(60), name: 'odd', colour: 'red' } },
    { ood: { ...ood, name: 'x' } },
    { ood: { ...ood, in: { name: 'a', probabilities: [] } } },
  ]) {
    const error = refusal(() => renderReport({ ...input, ...changes } as never));
    assert.instance(error, VogError, JSON.stringify(Object.keys(changes)));
    assert.match((error as VogError).message, 'unknown option');
  }
});

test('labels of two milliards, one class, one example: a page', () => {
  const labels = Int32Array.from({ length: 60 }, (_, example) => (example % 2 === 0 ? 2e9 : 7));
  const huge = Object.assign(scoresOf(), { labels, classNames: undefined });
  const { classNames: _, ...input } = everything();
  const predictions = labels.map((label, example) => (example % 5 === 0 ? 7 : label));
  const { document } = render({ ...input, scores: huge, windows: undefined, predictions, trueLabels: labels });
  assert.match(textOf(document, '#classes'), 'class 2000000000');
  const alone = Object.assign(scoresOf(), { labels: new Int32Array(60).fill(2e9), classNames: undefined });
  assert.match(render({ title: 'One class', scores: alone, predictions: labels }).page, 'class 2000000000');
  const one = metricOf(1, 'vog', () => 1);
  const suspects = [{ index: 0, proposedLabel: 2e9, percentile: 50, reason: 'alone' }];
  assert.match(
    render({ title: 'One', scores: one, predictions: [0], trueLabels: [2e9], suspects }).page,
    'class 2000000000',
  );
});

test('labels that are no class index are refused by code', () => {
  for (const label of [NaN, -1, 0.5, '1', null]) {
    const labels = Array.from({ length: 60 }, (_, example) => (example === 3 ? label : 0));
    for (const changes of [{ predictions: labels }, { trueLabels: labels }]) {
      const error = refusal(() => renderReport({ ...everything(), ...(changes as object) } as never));
      assert.is((error as VogError | undefined)?.code, 'LABEL_INVALID', String(label));
    }
  }
});

test.run();
