// The wasm backend with threads against one thread: a process each, because a backend keeps the threads it began with.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { compare, machineLine } from './harness.js';

console.log(`${machineLine('wasm')} | load ${loadavg()[0]?.toFixed(1)}`);
const script = fileURLToPath(new URL('threads/pass.ts', import.meta.url));
const counts = [1, 2, 4].filter((threads) => threads <= availableParallelism());

/** One pass in a child, which says when it is done. */
async function pass(child: ChildProcess): Promise<void> {
  const done = once(child, 'message');
  child.send('pass');
  await done;
}

/** A child that ends before it is told to has nothing to time. */
function begin(threads: number, name: string, images: number): ChildProcess {
  const env = { ...process.env, VOGJS_WASM_THREADS: String(threads) };
  const child = fork(script, [name, String(images)], { env });
  child.once('exit', (code) => {
    if (code !== null) throw new Error(`the child with ${threads} threads ended with status ${code}`);
  });
  return child;
}

for (const [name, images, rounds] of [
  ['LeNet 28 x 28', 256, 15],
  ['ResNet-18 32 x 32', 16, 5],
] as const) {
  const children = counts.map((threads) => begin(threads, name, images));
  const label = (threads: number): string => (threads === 1 ? '1 thread' : `${threads} threads`);
  const variants = Object.fromEntries(
    counts.map((threads, i) => [label(threads), () => pass(children[i] as ChildProcess)]),
  );
  await compare(`${name}, chunk ${images}: a lean input-gradient pass`, variants, {
    rounds,
    work: { count: images, unit: 'images' },
  });
  for (const child of children) child.kill();
}
