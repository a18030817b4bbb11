// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { relativeMahalanobis } from './relative-mahalanobis.js';

const test = suite('relativeMahalanobis');

againstGolden(test, () => [relativeMahalanobis()], new URL('relative-mahalanobis.golden.json', import.meta.url));

refuses(test, [() => relativeMahalanobis({ floor: 1 })]);

test.run();
