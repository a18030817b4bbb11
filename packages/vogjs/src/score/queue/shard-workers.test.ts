import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ShardWorkers } from './shard-workers.js';

const test = suite('workers of shards from a queue');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-shard-workers-'));
test.after(() => rmSync(folder, { recursive: true }));

const facts = { by: 'rows', program: '1', backend: 'cpu 1', checkpoints: 'x' };
const payload = { config: {}, folder: 'runs/one', backend: 'cpu', facts };
const job = { run: 'one', index: 1, of: 2, payload };
const task = { progress: () => {}, signal: new AbortController().signal };

for (const [code, again] of [
  ['DISK_FULL', true],
  ['FILE_FAILED', true],
  ['LOGITS_INVALID', false],
] as const) {
  test(`a shard that ends with ${code} is ${again ? 'tried again: the place is at fault' : 'given up: it would end so again'}`, async () => {
    const program = join(folder, `${code}.mjs`);
    const answer = { kind: 'failed', code, message: 'It ended.', isUnfit: false };
    writeFileSync(program, `process.on('message', () => process.send(${JSON.stringify(answer)}));`);
    const workers = new ShardWorkers(() => {}, program);
    try {
      assert.equal(await workers.work(job, task), { kind: 'failed', why: `It ended. [${code}]`, again });
    } finally {
      await workers.close();
    }
  });
}

test('what is no shard is refused before a process is started', async () => {
  const workers = new ShardWorkers(() => {}, join(folder, 'nowhere.mjs'));
  for (const other of [{ config: {} }, { ...payload, facts: { ...facts, by: 'columns' } }]) {
    const outcome = await workers.work({ ...job, payload: other }, task);
    assert.is(outcome.kind, 'unfit');
    assert.match((outcome as { why: string }).why, /CONFIG_INVALID/);
  }
});

test.run();
