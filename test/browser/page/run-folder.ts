// In the page: a run written, decided on and read back in the origin's private files.
import { createRun, exportRun, openRun, originPrivateStorage, reviewRun } from '@vogjs/run';
import { startBackend } from './backend.js';

const N = 300;
const ids = Array.from({ length: N }, (_, i) => `ünï ${i}.png`);

/** Writes a run of 300 examples, whose scores are 0, 1/7, 2/7 … */
async function write(folder: string): Promise<string[]> {
  const storage = await originPrivateStorage(folder);
  const run = await createRun(storage, { examples: N, classNames: ['a', 'b'] });
  const values = Float32Array.from(ids, (_, i) => i / 7);
  const column = { metric: 'vog', column: 'vog', window: 'complete', hardDirection: 'high', checkpoints: 2 } as const;
  await run.scores({ ids, labels: new Int32Array(N), scores: [{ ...column, values }] });
  await run.thumbs({ width: 4, height: 4, channels: 3, count: N, read: (s, e) => new Uint8Array((e - s) * 48) });
  for (let at = 0; at < 5; at++) void run.event('checkpoint', { checkpoint: at });
  await run.event('end');
  await run.finish();
  return storage.list('');
}

/** Decides about as many examples as there are in `from` to `to`, all at once. */
async function decide(folder: string, from: number, to: number): Promise<void> {
  const { decide: put } = await reviewRun(await openRun(await originPrivateStorage(folder)));
  await Promise.all(ids.slice(from, to).map((id) => put({ id, decision: 'relabel', label: 1 })));
}

async function read(folder: string) {
  const run = await openRun(await originPrivateStorage(folder));
  const table = await run.scores();
  const { standing, torn } = await run.reviews();
  const csv = new TextDecoder().decode(await exportRun(run, { to: 'corrections' }));
  return {
    state: run.manifest.state,
    ids: await table.ids(),
    values: [...(await table.values('vog'))],
    events: (await run.events()).length,
    thumbs: (await run.thumbs()).count,
    decided: [...standing.keys()],
    torn,
    corrections: csv.trimEnd().split('\r\n').length - 1,
  };
}

/** The code of what opening a place without a run rejects with. */
async function codeOf(folder: string): Promise<unknown> {
  return openRun(await originPrivateStorage(folder)).then(
    () => null,
    (error: unknown) => (error as { code?: unknown }).code,
  );
}

const tests = { startBackend, write, decide, read, codeOf };
export type RunFolderTests = typeof tests;
Object.assign(globalThis, { tests });
