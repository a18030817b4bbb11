import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeMetric, nameOf } from './metric-descriptions.js';

const test = suite('metric descriptions');

test('every metric of the project is described in its own words', () => {
  const columns = [
    ['vog'],
    ['csg'],
    ['el2n'],
    ['grand'],
    ['forgetting', 'count'],
    ['forgetting', 'firstLearned'],
    ['forgetting', 'unforgettable'],
    ['aum'],
    ['data-maps', 'confidence'],
    ['data-maps', 'variability'],
    ['data-maps', 'correctness'],
    ['data-iq', 'aleatoric'],
    ['mean-loss'],
    ['entropy'],
    ['margin'],
    ['confident-learning', 'selfConfidence'],
    ['confident-learning', 'normalisedMargin'],
    ['prediction-depth'],
    ['prototypicality'],
    ['self-influence'],
    ['loss-variance'],
    ['loss-std'],
  ];
  const described = columns.map(([metric, column]) => describeMetric({ metric: metric!, column }));
  for (const [index, { title, meaning }] of described.entries()) {
    assert.is.not(title, columns[index]!.join('.'), title);
    assert.ok(meaning.length > 40, title);
    assert.not.match(meaning, /\.$/, 'the sentence goes on after it');
  }
  assert.is(new Set(described.map(({ title }) => title)).size, columns.length);
  assert.is(new Set(described.map(({ meaning }) => meaning)).size, columns.length);
});

test('an unknown metric goes by its name, with its column where it has several', () => {
  assert.is(describeMetric({ metric: 'mine' }).title, 'mine');
  assert.is(describeMetric({ metric: 'mine', column: 'left' }).title, 'mine.left');
  assert.equal([nameOf({ metric: 'el2n', column: 'el2n' }), nameOf({ metric: 'm', column: 'value' })], ['el2n', 'm']);
});

test.run();
