import { suite } from 'uvu';
import { agreesWithGradients, assertRefused, firstBackend, goldenFile, keepsLaws } from '../golden.test.helper.js';
import { grand } from './grand.js';

const test = suite('GraNd');
test.before.each(firstBackend);

agreesWithGradients(test, goldenFile(import.meta.url, 'grand') as Record<string, number[]>, () => [
  grand(),
  grand({ name: 'grand-without-bias', bias: false, layer: 'h' }),
]);
keepsLaws(
  test,
  () => grand(),
  () => grand({ at: 'last', bias: false, layer: 'flatten' }),
);

test('values that an option does not have are refused', () => {
  assertRefused(
    [() => grand({ bias: 1 as never }), /grand: bias must be true or false; got 1\./],
    [() => grand({ layer: '' }), /grand: layer must be the name of a layer; got ""\./],
  );
});

test.run();
