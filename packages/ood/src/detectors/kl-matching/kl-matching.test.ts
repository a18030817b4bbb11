// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { klMatching } from './kl-matching.js';

const test = suite('klMatching');

againstGolden(test, () => [klMatching()], new URL('kl-matching.golden.json', import.meta.url));

refuses(test, [() => klMatching(5 as never)]);

test.run();
