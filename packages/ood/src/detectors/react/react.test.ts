// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
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
