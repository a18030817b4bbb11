// Only with --all: all detectors are met together in all.test.ts
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { mahalanobis } from './mahalanobis.js';

const test = suite('mahalanobis');

againstGolden(test, () => [mahalanobis()], new URL('mahalanobis.golden.json', import.meta.url));

refuses(test, [() => mahalanobis({ floor: 0 }), () => mahalanobis({ layer: '' })]);

test.run();
