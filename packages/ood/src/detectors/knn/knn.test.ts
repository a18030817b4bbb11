import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { knn } from './knn.js';

const test = suite('knn');

againstGolden(test, () => [knn(), knn({ name: 'knn-3', k: 3 })], new URL('knn.golden.json', import.meta.url));

refuses(test, [() => knn({ k: 0 }), () => knn({ k: 2.5 })]);

test.run();
