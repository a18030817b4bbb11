// Dawn is native code with threads of its own: processes that use it must end, by themselves and with status 0.
// Only with --all: it starts processes with a software driver
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
const test = suite('processes on webgpu');
const root = new URL('../../', import.meta.url);
const TOGETHER = 3;

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
}

function run(how: string, environment: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const script = [new URL('scripts/ts.mjs', root), new URL('fixtures/once.ts', import.meta.url)].map((url) =>
      fileURLToPath(url),
    );
    const child = spawn(process.execPath, [...script, how], { env: { ...process.env, ...environment } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    // One that hangs, hangs for ever; a busy machine compiles its first shaders for a minute.
    const late = setTimeout(() => child.kill(), 240_000);
    child.on('close', (status, signal) => {
      clearTimeout(late);
      resolve({ status, signal, output });
    });
  });
}

if (reason === null) {
  for (const [how, times] of [
    ['ends by itself', 20],
    ['process.exit() with work in flight', 10],
  ] as const) {
    test(`${times} of ${times} processes end with status 0: ${how}`, async () => {
      for (let begun = 0; begun < times; begun += TOGETHER) {
        const count = Math.min(TOGETHER, times - begun);
        for (const { status, signal, output } of await Promise.all(Array.from({ length: count }, () => run(how)))) {
          assert.is(status, 0, `status ${status}, signal ${signal}: ${output}`);
          assert.match(output, /gradient 2,4,6/);
        }
      }
    });
  }
} else console.log(`not run: ${reason}`);

test('without a driver: auto goes on to another backend with the reason, forced is BACKEND_UNAVAILABLE, nothing global changes', async () => {
  const none = { VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json', VOGJS_BACKEND: '' };
  const { status, output } = await run('no adapter', none);
  assert.is(status, 0, output);
  assert.match(output, /auto: .*webgpu: no (adapter found|graphics card)/);
  assert.match(output, /forced: BACKEND_UNAVAILABLE .*no adapter found.*docs\/webgpu\.md/);
  assert.match(output, /globals: none/);
});

test.run();
