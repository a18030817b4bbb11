import * as tf from '@tensorflow/tfjs';

interface Counting {
  dispatchCountInPass: number;
}

interface Engine {
  runKernel(name: string, ...rest: unknown[]): unknown;
}

/** Dispatches of the active WebGPU backend while `work` runs, by the kernel that asked for them. */
export async function countDispatches(work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
  const backend = tf.backend() as unknown as Counting;
  const engine = tf.engine() as unknown as Engine;
  const counts = new Map<string, number>();
  const running: string[] = [];
  const runKernel = engine.runKernel;
  let inPass = backend.dispatchCountInPass;
  engine.runKernel = function (name, ...rest) {
    running.push(name);
    try {
      return runKernel.call(this, name, ...rest);
    } finally {
      running.pop();
    }
  };
  // tfjs counts the dispatches of a pass, to submit it in time: every one is seen here, ours among them.
  Object.defineProperty(backend, 'dispatchCountInPass', {
    configurable: true,
    enumerable: true,
    get: () => inPass,
    set: (value: number) => {
      if (value > inPass) {
        const kernel = running.at(-1) ?? 'outside of a kernel';
        counts.set(kernel, (counts.get(kernel) ?? 0) + value - inPass);
      }
      inPass = value;
    },
  });
  try {
    await work();
  } finally {
    engine.runKernel = runKernel;
    Object.defineProperty(backend, 'dispatchCountInPass', {
      configurable: true,
      enumerable: true,
      writable: true,
      value: inPass,
    });
  }
  return counts;
}
