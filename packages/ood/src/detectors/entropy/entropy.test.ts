// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { entropyScore } from './entropy.js';

const test = suite('entropyScore');

againstGolden(test, () => [entropyScore()], new URL('entropy.golden.json', import.meta.url));

refuses(test, [() => entropyScore({ temperature: 1 } as never), () => entropyScore(5 as never)]);

test.run();
