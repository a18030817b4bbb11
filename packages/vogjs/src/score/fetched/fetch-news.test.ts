// A long fetch says what comes and how far it is, on a stream that is no output.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { madeBucket } from './bucket.test.helper.js';
import { Copies } from './copies.js';
import { fetchNews, newsOf } from './fetch-news.js';

const test = suite('news of a fetch');
const AT_ONCE = { first: 0, log: 0, terminal: 0 };

function streamOf(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 } };
}

test('a log gets lines with the address, the share and the size; a terminal one line that goes again', () => {
  const log = streamOf(false);
  const news = fetchNews('s3://bucket/photos', { files: 1203, bytes: 4e9 }, log.stream, AT_ONCE);
  news.got(1e9);
  news.got(2e9);
  news.end();
  assert.match(log.written[0] ?? '', /^Fetching s3:\/\/bucket\/photos: 25 % of 4\.00 GB in 1203 files, \d+ s left\n$/);
  assert.match(log.written[1] ?? '', /: 75 % of/);
  assert.is(log.written[2], 'Fetched s3://bucket/photos: 3.00 GB\n');
  const terminal = streamOf(true);
  const shown = fetchNews('s3://bucket/rows.npy', { files: 1, bytes: 5e6 }, terminal.stream, AT_ONCE);
  shown.got(5e6);
  shown.end();
  assert.is(terminal.written[0], '\r\u001B[KFetching s3://bucket/rows.npy: 100 % of 5.0 MB, 0 s left');
  assert.is(terminal.written[1], '\r\u001B[K');
});

test('what is quick is fetched in silence, and so is all where the output is for a program', () => {
  const { written, stream } = streamOf(false);
  const news = fetchNews('s3://bucket/small', { files: 1, bytes: 10 }, stream);
  news.got(10);
  news.end();
  assert.equal(written, []);
  assert.is(newsOf(true), null);
  assert.is(newsOf(false), process.stderr);
});

test('copies tell of every byte once, also of files that were here', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-news-'));
  const bucket = madeBucket({ 'a/first': 'x'.repeat(300), 'a/second': 'y'.repeat(100) });
  const { written, stream } = streamOf(false);
  const { now } = performance;
  let clock = 0;
  performance.now = () => (clock += 12_000);
  try {
    const copies = new Copies({ folder, bytes: 1e9 }, 60_000, stream);
    await (await copies.hold(bucket.wanted('a/first', 'a/second'))).release();
    assert.is(written.at(-1), 'Fetched s3://made/a/first: 0.4 kB\n');
    assert.match(written.at(-2) ?? '', /: \d+ % of 0\.4 kB in 2 files, \d+ s left/);
    written.length = 0;
    await (await copies.hold(bucket.wanted('a/first', 'a/second'))).release();
    assert.equal(written, []);
  } finally {
    performance.now = now;
    rmSync(folder, { recursive: true });
  }
});

test.run();
