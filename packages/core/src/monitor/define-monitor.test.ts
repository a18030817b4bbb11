import { VogError } from '@vogjs/base';
import { integer, oneOf } from '@vogjs/base/options';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineMonitor } from './define-monitor.js';

const test = suite('defineMonitor');
const info = { checkpoint: 0, position: { epoch: 0 } } as never;
const model = ((x: unknown) => x) as never;

const refused = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof VogError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
};

const counting = defineMonitor({
  name: 'count-calls',
  figures: ({ as }) => [as],
  options: { from: integer(0).default(0).about('First number.'), as: oneOf('count', 'calls').about('Figure.') },
  watch: ({ from, as }) => {
    let calls = from;
    return { checkpoint: () => ({ [as]: ++calls }), reset: () => (calls = from) };
  },
});

test('without options it is the monitor', () => {
  const monitor = defineMonitor({ name: 'one', figures: ['one'], checkpoint: () => ({ one: 1 }) });
  assert.equal([monitor.name, monitor.figures, monitor.checkpoint(model, info)], ['one', ['one'], { one: 1 }]);
});

test('with options it is a factory: each monitor remembers its own', async () => {
  const [first, second] = [counting(), counting({ from: 10, as: 'calls', name: 'second' })];
  assert.equal(
    [first.name, first.figures, second.name, second.figures],
    ['count-calls', ['count'], 'second', ['calls']],
  );
  await first.checkpoint(model, info);
  assert.equal(await first.checkpoint(model, info), { count: 2 });
  assert.equal(await second.checkpoint(model, info), { calls: 11 });
  first.reset?.();
  assert.equal(await first.checkpoint(model, info), { count: 1 });
});

test('hooks may be methods of an object of a class', async () => {
  class Counter {
    private calls = 0;
    checkpoint() {
      return { a: ++this.calls };
    }
    reset() {
      this.calls = 0;
    }
  }
  const monitor = defineMonitor({ name: 'a', figures: ['a'], watch: () => new Counter() })();
  assert.equal([await monitor.checkpoint(model, info), await monitor.checkpoint(model, info)], [{ a: 1 }, { a: 2 }]);
  monitor.reset?.();
  assert.equal(await monitor.checkpoint(model, info), { a: 1 });
});

test('the factory carries its definition', () => {
  const { kind, name, call, options } = counting.definition;
  assert.equal(
    [kind, name, call, Object.keys(options.entries)],
    ['monitor', 'count-calls', 'countCalls', ['name', 'from', 'as']],
  );
});

test('options are refused by the name of the factory, definitions by MONITOR_INVALID', () => {
  assert.is(
    refused(() => counting({ from: -1 })),
    'ARGUMENT_INVALID countCalls: from must be a whole number of at least 0; got -1.',
  );
  assert.match(
    refused(() => counting({ form: 1 } as never)),
    /^ARGUMENT_INVALID countCalls: unknown option 'form'\. Known: name, from, as/,
  );
  assert.match(
    refused(() => counting({ name: 'a b' })),
    /^MONITOR_INVALID A monitor's name must start with a letter/,
  );
  const hooks = { checkpoint: () => ({ a: 1 }) };
  for (const wrong of [
    {},
    { name: 'a', figures: ['a'] },
    { name: 'a', figures: [], ...hooks },
    { name: '1', figures: ['a'], ...hooks },
    { name: 'a', figures: ['a'], ...hooks, every: 2 },
    { name: 'a', figures: ['a'], watch: 5 },
    { name: 'a', figures: ['a'], ...hooks, options: {} },
    { name: 'a', figures: ['a'], ...hooks, watch: () => hooks },
    { name: 'a', figures: ['a'], watch: () => hooks, options: { x: 5 } },
  ]) {
    assert.match(
      refused(() => defineMonitor(wrong as never)),
      /^MONITOR_INVALID /,
    );
  }
  const empty = defineMonitor({ name: 'empty', figures: ['a'], watch: () => ({}) as never });
  assert.match(
    refused(() => empty()),
    /^MONITOR_INVALID monitors holds/,
  );
});

test.run();
