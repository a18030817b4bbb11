import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wordsOf } from '@vogjs/core/plugin';
import { allMetrics } from '@vogjs/metrics';
import { describeMetric, nameOf } from './metric-descriptions.js';

const test = suite('metric descriptions');

test('every metric of the project is described in its own words, column by column', () => {
  for (const { definition } of allMetrics) {
    const { name, words } = definition;
    const columns = wordsOf(words, undefined) === undefined ? Object.keys(words!) : [undefined];
    for (const column of columns) {
      const described = describeMetric({ metric: name, column });
      assert.is.not(described.title, nameOf({ metric: name, column }));
      assert.is(described, wordsOf(words, column));
    }
  }
});

test('what scores say of themselves comes before what their name stands for', () => {
  const words = { title: 'Mine', meaning: 'what I measure' };
  assert.is(describeMetric({ metric: 'vog', words }), words);
  assert.is(describeMetric({ metric: 'renamed', words }), words);
});

test('the variance of a value over training is described by the value', () => {
  assert.is(describeMetric({ metric: 'loss-variance' }).title, 'Variance of loss over training');
  assert.is(describeMetric({ metric: 'loss-std' }).title, 'Standard deviation of loss over training');
});

test('an unknown metric goes by its name, with its column where it has several', () => {
  assert.is(describeMetric({ metric: 'mine' }).title, 'mine');
  assert.is(describeMetric({ metric: 'mine', column: 'left' }).title, 'mine.left');
  assert.equal([nameOf({ metric: 'el2n', column: 'el2n' }), nameOf({ metric: 'm', column: 'value' })], ['el2n', 'm']);
});

test.run();
