import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KeptLines } from './kept-lines.js';
import { messageOf } from './messages.js';

test('what does not fit goes: positions first, then the oldest, never the first', () => {
  const kept = new KeptLines(4);
  kept.add('watch', 'begin');
  kept.add('standing', 'a');
  kept.add('position', 'b');
  kept.add('logs', 'c');
  assert.equal(kept.add('standing', 'd'), { at: 5, line: 'd' });
  assert.equal(
    kept.after(0).map(({ line }) => line),
    ['begin', 'a', 'c', 'd'],
  );
  kept.add('logs', 'e');
  assert.equal(
    kept.after(0).map(({ line }) => line),
    ['begin', 'c', 'd', 'e'],
  );
  assert.equal(kept.after(5), [{ at: 6, line: 'e' }]);
});

test('what else is said on a channel is not heard', () => {
  const training = { id: 'a', name: 'x', classNames: null, pictures: null, begun: 1 };
  const story = { vogjs: 'story', training, after: 0, lines: [{ at: 1, line: '{}' }] };
  assert.is(messageOf(story), story);
  for (const other of [
    null,
    'story',
    { ...story, vogjs: 'stories' },
    { ...story, lines: [7] },
    { ...story, after: -1 },
    { ...story, training: { ...training, classNames: [1] } },
    { ...story, training: { ...training, pictures: { width: 1, height: 1 } } },
    { vogjs: 'toString' },
    { vogjs: 'picture', id: 'a', row: 0, pixels: [1] },
    { vogjs: 'ask-pictures', id: 'a', rows: [1.5] },
  ]) {
    assert.is(messageOf(other), null, JSON.stringify(other));
  }
});

test.run();
