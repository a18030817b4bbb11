import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { energy } from './energy.js';

const test = suite('energy');

againstGolden(
  test,
  () => [energy(), energy({ name: 'energy-2', temperature: 2 })],
  new URL('energy.golden.json', import.meta.url),
);

refuses(test, [() => energy({ temperature: Number.NaN }), () => energy({ temprature: 1 } as never)]);

test.run();
