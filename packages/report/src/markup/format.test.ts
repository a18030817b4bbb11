import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formatFixed,
  formatLevel,
  formatNumber,
  formatP,
  formatPercent,
  formatPercentile,
  formatRange,
  shorten,
} from './format.js';

const test = suite('format');

test('99.97 is shown as 99.9, not as the hardest example', () => {
  assert.is(formatPercentile(99.97), '99.9');
  assert.is(formatPercentile(100), '100.0');
});

test('shares get a decimal where they are small', () => {
  assert.equal([0, 0.0213, 0.0995, 0.5, 1].map(formatPercent), ['0 %', '2.1 %', '10 %', '50 %', '100 %']);
});

test('a p-value below float64 is still a power of ten', () => {
  assert.is(formatP({ p: 0.0312, logP: Math.log(0.0312) }).markup, 'p = 0.03');
  assert.is(formatP({ p: 0.0042, logP: Math.log(0.0042) }).markup, 'p = 0.0042');
  assert.is(formatP({ p: 0, logP: -1000 }).markup, 'p ≈ 10<sup>−434</sup>');
  assert.is(formatP({ p: 0, logP: -Infinity }).markup, 'p = 0');
});

test('numbers have three digits and a true minus', () => {
  assert.equal([0.020731, 12345, -3.14159, 0, NaN].map(formatNumber), ['0.0207', '12,345', '−3.14', '0', 'NaN']);
  assert.is(formatFixed(-0.291, 2), '−0.29');
});

test('shorten keeps both ends of a long name, within the length', () => {
  assert.is(shorten('abcdefghij', 5), 'ab…ij');
  assert.is(shorten('abcde', 5), 'abcde');
});

test('a share that is not 0 never reads as 0', () => {
  assert.equal([0, 0.0003, 0.0006].map(formatPercent), ['0 %', '< 0.1 %', '0.1 %']);
});

test('a level that was chosen keeps its digits, without what binary fractions add', () => {
  assert.equal([0.95, 0.999, 0.07, 1].map(formatLevel), ['95 %', '99.9 %', '7 %', '100 %']);
});

test('a range is whole percentiles', () => {
  assert.is(formatRange(100 / 3, 200 / 3), '33 to 67');
});

test.run();
