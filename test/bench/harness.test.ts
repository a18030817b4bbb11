import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compare, machineLine, spreadOf, table } from './harness.js';

/** Variants that take the milliseconds they are given, on a clock of their own, and the order they ran in. */
function fakes(costs: Record<string, (round: number) => number>) {
  let time = 0;
  const order: string[] = [];
  const counts = new Map<string, number>();
  const variants = Object.fromEntries(
    Object.entries(costs).map(([name, cost]) => [
      name,
      () => {
        const round = counts.get(name) ?? 0;
        counts.set(name, round + 1);
        order.push(name);
        time += cost(round);
      },
    ]),
  );
  return { variants, order, now: () => time };
}

test('the spread of [3, 1, 2] is 2, 1 to 3; an even count takes the mean of the middle two', () => {
  assert.equal(spreadOf([3, 1, 2]), { median: 2, min: 1, max: 3 });
  assert.equal(spreadOf([4, 1, 2, 10]), { median: 3, min: 1, max: 10 });
});

test('variants run in turns, and the order alternates', async () => {
  const { variants, order, now } = fakes({ a: () => 1, b: () => 1 });
  await compare('order', variants, { rounds: 3, warmup: 1, now, print: () => {} });
  assert.is(order.join(''), 'baabbaab');
});

test('a ratio is taken within a round: drift of the machine cancels', async () => {
  const { variants, now } = fakes({ a: (round) => 10 * (round + 1), b: (round) => 15 * (round + 1) });
  const { b } = await compare('drift', variants, { rounds: 5, warmup: 0, now, print: () => {} });
  assert.equal(b?.ratio, { median: 1.5, min: 1.5, max: 1.5 });
  assert.equal(b?.milliseconds, { median: 45, min: 15, max: 75 });
});

test('warm-up rounds do not count, and asynchronous variants are awaited', async () => {
  const { variants, now } = fakes({ a: (round) => (round < 2 ? 1000 : 1) });
  const later = { a: () => Promise.resolve().then(() => variants['a']?.()) };
  const { a } = await compare('warm-up', later, { rounds: 3, warmup: 2, now, print: () => {} });
  assert.is(a.milliseconds.max, 1);
});

test('the table has rates, ratios and verdicts, and a missed target fails the process', async () => {
  const { variants, now } = fakes({ bare: () => 10, tracker: () => 12 });
  let text = '';
  const before = process.exitCode;
  const options = { rounds: 2, now, print: (line: string) => (text = line), work: { count: 5, unit: 'images' } };
  await compare('met', variants, { ...options, targets: { tracker: { atMost: 1.25 } } });
  assert.match(text, /tracker +12\.00 +12\.00 - 12\.00 +417 +1\.200 +1\.200 - 1\.200 +at most 1\.25: met/);
  assert.is(process.exitCode, before);
  await compare('missed', variants, { ...options, targets: { tracker: { atMost: 1.1 } } });
  const after = process.exitCode;
  process.exitCode = before;
  assert.match(text, /at most 1\.1: MISSED/);
  assert.is(after, 1);
});

test('a baseline that is not there and a count of no rounds are refused', async () => {
  const reasons = [{ baseline: 'c' }, { rounds: 0 }].map((options) =>
    compare('refused', { a: () => {} } as Record<string, () => void>, options).catch((error: unknown) => String(error)),
  );
  const [baseline, rounds] = await Promise.all(reasons);
  assert.match(String(baseline), /no variant is named c/);
  assert.match(String(rounds), /rounds must be at least 1/);
});

test('columns line up', () => {
  assert.is(
    table([
      ['', 'ms'],
      ['long name', '1'],
    ]),
    '           ms\nlong name   1',
  );
});

test('the machine line names the backend and Node', () => {
  assert.match(machineLine('wasm'), new RegExp(`^backend wasm \\| \\d+ x .* \\| Node ${process.version}$`));
});

test.run();
