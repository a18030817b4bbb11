// Only with --all: it starts the command line as a process of its own, which builds the page
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createRun } from '@vogjs/run';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-explore-'));
test.after(() => rmSync(folder, { recursive: true }));

interface Started {
  /** All that it printed until `enough` of it was there, or it ended. */
  until(enough: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly code: Promise<number | null>;
}

function vogjs(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Started {
  const main = join(import.meta.dirname, '../main.ts');
  const child = spawn(process.execPath, [...process.execArgv, main, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '', ended: false };
  let wake = (): void => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output.text += piece;
      wake();
    });
  }
  const code = new Promise<number | null>((resolve) => {
    child.on('close', (ended) => {
      output.ended = true;
      wake();
      resolve(ended);
    });
  });
  return {
    async until(enough) {
      while (!enough.test(output.text) && !output.ended) await new Promise<void>((resolve) => (wake = resolve));
      return output.text;
    },
    kill: (signal) => void child.kill(signal),
    code,
  };
}

test('the printed link shows the run and takes decisions, and Ctrl-C ends it well', async () => {
  const run = await createRun(join(folder, 'run'), { examples: 2, classNames: ['cat', 'dog'] });
  await run.scores({ ids: ['a', 'b'], labels: Int32Array.of(0, 1), scores: [] });
  await run.finish();
  // Nothing that could open a browser is on the path.
  const started = vogjs(['explore', join(folder, 'run'), '--open'], { ...process.env, PATH: folder });
  const text = await started.until(/Ctrl-C/);
  const [, origin = '', token = ''] = /Open (http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+)/.exec(text) ?? [];
  assert.match(text, /open the link yourself/);
  const page = await (await fetch(origin)).text();
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? [];
  const asset = await fetch(origin + script);
  assert.is(asset.status, 200);
  assert.match(asset.headers.get('content-type') ?? '', /javascript/);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ run: 0, reviews: [{ row: 1, decision: 'exclude' }] });
  assert.is((await fetch(`${origin}/api/reviews`, { method: 'POST', headers, body })).status, 200);
  assert.match(readFileSync(join(folder, 'run/reviews.jsonl'), 'utf8'), /"id":"b","decision":"exclude"/);
  started.kill('SIGINT');
  assert.is(await started.code, 0);
});

test('a folder without a run ends with a message that says what to give', async () => {
  const started = vogjs(['explore', join(folder, 'nothing')]);
  assert.match(await started.until(/RUN_ABSENT/), /There is no run in '.*nothing'/);
  assert.is(await started.code, 1);
});

test.run();
