import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { forRandomInputs } from '@vogjs/testing';
import { refused } from './curriculum.test.helper.js';
import { pace, type PaceName, paceOf, shareAt } from './pace.js';

const test = suite('pace');
const NAMES = Object.keys(pace) as PaceName[];
const close = (a: number, b: number, message = ''): void =>
  assert.ok(Math.abs(a - b) < 1e-9, `${a} should be ${b} ${message}`);

test('linear, root, step and geometric are there', () => {
  assert.equal(NAMES, ['linear', 'root', 'step', 'geometric']);
});

test('every pace is monotone, begins at from, and is 1 from until on', () => {
  forRandomInputs(300, (random) => {
    const from = 1 - random.uniform();
    const until = 1 - random.uniform();
    const steps = 1 + random.integer(6);
    for (const ask of [
      pace.linear({ from, until }),
      pace.root({ from, until }),
      pace.step({ from, until, steps }),
      pace.geometric({ from, until }),
      pace.geometric({ from, until, steps }),
      ...NAMES.map(paceOf),
    ]) {
      let previous = 0;
      for (let i = 0; i <= 60; i++) {
        const share = shareAt(ask, i / 60);
        assert.ok(share >= previous - 1e-12, `${share} after ${previous}`);
        previous = share;
      }
      assert.is(previous, 1);
    }
    for (const name of NAMES) {
      const ask = pace[name]({ from, until });
      close(ask(0), from, name);
      assert.is(ask(until), 1, name);
      if (until < 1) assert.is(ask((1 + until) / 2), 1, name);
    }
  });
});

test('values by hand', () => {
  close(pace.linear({ from: 0.2, until: 1 })(0.5), 0.6);
  close(pace.linear()(0.25), 0.65);
  close(pace.root({ from: 0.6, until: 1 })(0.5), Math.sqrt(0.36 + 0.64 / 2));
  close(pace.geometric({ from: 0.25, until: 1 })(0.5), 0.5);
  close(pace.geometric({ from: 0.25, until: 0.5 })(0.125), 0.25 ** 0.75);
});

test('step: one jump by default, equal ones with steps; geometric with steps multiplies by one factor', () => {
  const single = pace.step({ from: 0.4, until: 0.6 });
  assert.equal([0, 0.3, 0.599, 0.6, 1].map(single), [0.4, 0.4, 0.4, 1, 1]);
  const three = pace.step({ from: 0.4, until: 0.9, steps: 3 });
  for (const [progress, share] of [
    [0.29, 0.4],
    [0.3, 0.6],
    [0.6, 0.8],
    [0.9, 1],
  ] as const)
    close(three(progress), share);
  // Fixed exponential pacing: 1/16, times 2 every 0.2.
  const doubling = pace.geometric({ from: 1 / 16, until: 0.8, steps: 4 });
  for (const [progress, share] of [
    [0.19, 1 / 16],
    [0.2, 1 / 8],
    [0.4, 1 / 4],
    [0.6, 1 / 2],
    [0.8, 1],
  ] as const)
    close(doubling(progress), share, String(progress));
});

test('options out of range, unknown names and shares that are none are refused', async () => {
  await refused(
    () => pace.linear({ from: 0 }),
    'ARGUMENT_INVALID',
    /pace.linear: from must be a number above 0, at most 1 .*; got 0/,
  );
  await refused(() => pace.root({ until: 1.5 }), 'ARGUMENT_INVALID', /until/);
  await refused(
    () => pace.step({ steps: 0 }),
    'ARGUMENT_INVALID',
    /pace.step: steps must be a whole number of at least 1, or Infinity; got 0/,
  );
  await refused(() => pace.linear({ steps: 2 } as object), 'ARGUMENT_INVALID', /unknown option 'steps'/);
  await refused(() => paceOf('quadratic' as PaceName), 'ARGUMENT_INVALID', /'linear', 'root', 'step', 'geometric'/);
  await refused(() => paceOf('toString' as PaceName), 'ARGUMENT_INVALID', /pace must be/);
  for (const share of [-0.1, 1.1, Number.NaN])
    await refused(() => shareAt(() => share, 0.5), 'ARGUMENT_INVALID', /expected a share/);
});

test.run();
