// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { gen } from './gen.js';

const test = suite('gen');

againstGolden(
  test,
  () => [gen(), gen({ name: 'gen-3', gamma: 0.4, top: 3 })],
  new URL('gen.golden.json', import.meta.url),
);

refuses(test, [() => gen({ gamma: 0 }), () => gen({ gamma: 1 }), () => gen({ top: 0 })]);

test.run();
