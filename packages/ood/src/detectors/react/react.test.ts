// Only with --all: all detectors are met together in all.test.ts
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { react } from './react.js';

const test = suite('react');

againstGolden(
  test,
  () => [react(), react({ name: 'react-60', percentile: 60 })],
  new URL('react.golden.json', import.meta.url),
);

refuses(test, [() => react({ percentile: 0 }), () => react({ percentile: 101 })]);

test.run();
