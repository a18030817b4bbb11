// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { mahalanobis } from './mahalanobis.js';

const test = suite('mahalanobis');

againstGolden(test, () => [mahalanobis()], new URL('mahalanobis.golden.json', import.meta.url));

refuses(test, [() => mahalanobis({ floor: 0 }), () => mahalanobis({ layer: '' })]);

test.run();
