// Only with --all: all detectors are met together in all.test.ts
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { relativeMahalanobis } from './relative-mahalanobis.js';

const test = suite('relativeMahalanobis');

againstGolden(test, () => [relativeMahalanobis()], new URL('relative-mahalanobis.golden.json', import.meta.url));

refuses(test, [() => relativeMahalanobis({ floor: 1 })]);

test.run();
