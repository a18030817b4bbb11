import { memoryStorage } from '@vogjs/run';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Client, served, writeRun } from '../served.test.helper.js';
import { EventFeed, type FeedMessage } from './event-feed.js';

interface Listening {
  /** Resolves to all that was told once `enough` of it is there. */
  until(enough: (text: string) => boolean): Promise<string>;
  stop(): void;
}

/** Listens as a page does: fetch, with the token in a header. */
function listen({ port, token }: Client, lastEventId?: string): Listening {
  const control = new AbortController();
  let text = '';
  let wake = (): void => {};
  const headers = {
    authorization: `Bearer ${token}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const read = async (): Promise<void> => {
    const address = `http://127.0.0.1:${port}/api/runs/0/events`;
    const response = await fetch(address, { headers, signal: control.signal });
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      wake();
    }
  };
  read().catch(() => wake());
  return {
    async until(enough) {
      for (const end = performance.now() + 120_000; !enough(text);) {
        assert.ok(performance.now() < end, `never came; there is: ${text.slice(-500)}`);
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), new Promise((go) => setTimeout(go, 20))]);
      }
      return text;
    },
    stop: () => control.abort(),
  };
}

const numbers = (text: string): number[] => [...text.matchAll(/"checkpoint":(\d+)/g)].map(([, n]) => Number(n));
const lastId = (text: string): string => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';
const has = (checkpoint: number) => (text: string) => numbers(text).includes(checkpoint);

test('who joins late is told all, and who comes back what it missed, each once and in order', async () => {
  const storage = memoryStorage();
  const run = await writeRun(storage);
  const client = await served(storage);
  const first = listen(client);
  const before = await first.until(has(0));
  await run.event('checkpoint', { checkpoint: 1 });
  await first.until(has(1));
  first.stop();
  await run.event('checkpoint', { checkpoint: 2 });
  await run.event('checkpoint', { checkpoint: 3 });
  const again = listen(client, lastId(before));
  assert.equal(numbers(await again.until(has(3))), [1, 2, 3]);
  const late = listen(client);
  assert.equal(numbers(await late.until(has(3))), [0, 1, 2, 3]);
  await run.event('checkpoint', { checkpoint: 4 });
  assert.equal(numbers(await again.until(has(4))), [1, 2, 3, 4]);
  assert.equal(numbers(await late.until(has(4))), [0, 1, 2, 3, 4]);
  await client.close();
});

test('who missed more than the ring holds gets it from the file', async () => {
  const storage = memoryStorage();
  await writeRun(storage);
  const lines = Array.from({ length: 2500 }, (_, checkpoint) => `${JSON.stringify({ checkpoint })}\n`);
  await storage.write('events.jsonl', new TextEncoder().encode(lines.join('')));
  const client = await served(storage);
  const first = listen(client);
  assert.equal(numbers(await first.until(has(2499))), [...lines.keys()]);
  const early = listen(client, String(lines.slice(0, 3).join('').length));
  assert.equal(numbers(await early.until(has(2499))), [...lines.keys()].slice(3));
  const recent = listen(client, String(lines.slice(0, 2400).join('').length));
  assert.equal(numbers(await recent.until(has(2499))), [...lines.keys()].slice(2400));
  await client.close();
});

test('more lines at once than a call takes arguments are told to who joins', async () => {
  const storage = memoryStorage();
  const count = 150_000;
  await storage.write('events.jsonl', new TextEncoder().encode('{}\n'.repeat(count)));
  const told: FeedMessage[] = [];
  const leave = await new EventFeed(storage, 60_000).join(0, (message) => told.push(message));
  leave();
  assert.is(told.length, count);
});

test('a line is told once it is whole; what is not JSON is left out, and no line of a file becomes two of the stream', async () => {
  const storage = memoryStorage();
  await writeRun(storage);
  const client = await served(storage);
  const stream = listen(client);
  const before = await stream.until(has(0));
  const add = (text: string) => storage.append('events.jsonl', new TextEncoder().encode(text));
  await add('nonsense\n\n{"checkpoint":\r1,"text":"é\\ndata: 9"}\n{"checkpoint":2');
  const middle = await stream.until(has(1));
  assert.equal(numbers(middle), [0, 1]);
  assert.is(middle.slice(before.length).trimEnd().split('\n').length, 2, 'an id and one line of data');
  await add(',"last":true}\n');
  assert.equal(numbers(await stream.until(has(2))), [0, 1, 2]);
  await client.close();
});

test('parts that change are named, and a file that began anew says so', async () => {
  const storage = memoryStorage();
  const run = await writeRun(storage);
  const client = await served(storage);
  const stream = listen(client);
  await stream.until(has(0));
  await client.post('/api/reviews', { run: 0, reviews: [{ row: 0, decision: 'confirm' }] });
  await stream.until((text) => text.includes('event: changed\ndata: "reviews"'));
  await run.finish();
  await stream.until((text) => text.includes('event: changed\ndata: "run"'));
  await storage.write('events.jsonl', new TextEncoder().encode('{"checkpoint":7}\n'));
  assert.match(await stream.until(has(7)), /event: restart\nid: 0\ndata: null\n\nid: 17\ndata: \{"checkpoint":7\}/);
  const beyond = listen(client, '5000');
  assert.match(await beyond.until(has(7)), /^:\n\nevent: restart/);
  const strange = listen(client, 'abc');
  assert.equal(numbers(await strange.until(has(7))), [7]);
  await client.close();
});

test('closing ends those who listen', async () => {
  const client = await served(null);
  const stream = listen(client);
  await stream.until(has(0));
  await client.close();
  const error = await fetch(`http://127.0.0.1:${client.port}/`).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof Error);
});

test.run();
