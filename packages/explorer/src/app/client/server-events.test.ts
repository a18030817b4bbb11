import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ServerEvents } from './server-events.js';

const STREAM =
  ':\n\nid: 17\ndata: {"a": "b: c"}\n\nevent: changed\ndata: "reviews"\n\n:\n\nevent: restart\nid: 0\ndata: null\n\nid: 3\ndata: cut';
const EVENTS = [
  { type: 'message', id: '17', data: '{"a": "b: c"}' },
  { type: 'changed', id: null, data: '"reviews"' },
  { type: 'restart', id: '0', data: 'null' },
];

test('events are read whole however the stream is cut, comments and the unfinished last left out', () => {
  for (const size of [1, 2, 3, 7, STREAM.length]) {
    const events = new ServerEvents();
    const pieces = STREAM.match(new RegExp(`.{1,${size}}`, 'gs')) ?? [];
    assert.equal(
      pieces.flatMap((piece) => events.take(piece)),
      EVENTS,
      `${size}`,
    );
  }
});

test.run();
