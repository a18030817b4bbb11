// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { maxLogit } from './max-logit.js';

const test = suite('maxLogit');

againstGolden(test, () => [maxLogit()], new URL('max-logit.golden.json', import.meta.url));

refuses(test, [() => maxLogit({ temperature: 1 } as never)]);

test.run();
