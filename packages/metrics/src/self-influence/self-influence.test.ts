// Only with --all: one metric takes seconds; together.test.ts runs them all
import { suite } from 'uvu';
import { agreesWithGradients, assertRefused, firstBackend, goldenFile, keepsLaws, run } from '../golden.test.helper.js';
import { selfInfluence } from './self-influence.js';

const test = suite('self-influence');
test.before.each(firstBackend);

agreesWithGradients(test, goldenFile(import.meta.url, 'self-influence') as Record<string, number[]>, () => [
  selfInfluence({ learningRate: ({ epoch }) => run.rates[epoch] ?? Number.NaN }),
]);
keepsLaws(
  test,
  () => selfInfluence(),
  () => selfInfluence({ learningRate: ({ step }) => 1 / step }),
);

test('a learning rate that is none is refused', () => {
  assertRefused([
    () => selfInfluence({ learningRate: -1 }),
    /selfInfluence: learningRate must be a finite number of at least 0, or a function; got -1\./,
  ]);
});

test.run();
