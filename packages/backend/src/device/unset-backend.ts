import * as tf from '@tensorflow/tfjs';

/** The parts of tfjs's engine that tell who chose the backend; its type declarations hide some. */
interface Engine {
  backendName: string | undefined;
  ready(): Promise<void>;
  setBackend(name: string): Promise<boolean>;
  initializeBackendsAndReturnBest(): { name: string; asyncInit: boolean };
}

/**
 * Who chose the backend that is active. tfjs takes its plain JavaScript backend by itself as soon as the first tensor
 * is made, and afterwards that looks like a choice. So the engine's own ways of choosing are watched from the import on.
 */
type Choice = 'tfjs' | 'user' | 'unknown';

const watched = new WeakMap<Engine, () => Choice>();

/** Watches the engine from now on; a backend that was there before was chosen by nobody knows whom. */
function watch(engine: Engine): () => Choice {
  const known = watched.get(engine);
  if (known !== undefined) return known;
  let choice: Choice = engine.backendName === undefined ? 'tfjs' : 'unknown';
  let settingOnItsOwn = 0;
  const { ready, setBackend, initializeBackendsAndReturnBest } = engine;
  engine.initializeBackendsAndReturnBest = function best() {
    const found = initializeBackendsAndReturnBest.call(engine);
    // The engine's very next call is its own setBackend, unless the backend starts later: then it throws instead.
    if (!found.asyncInit) settingOnItsOwn++;
    return found;
  };
  engine.ready = async function readied() {
    if (engine.backendName !== undefined) return ready.call(engine);
    settingOnItsOwn++;
    const before = settingOnItsOwn;
    try {
      await ready.call(engine);
    } finally {
      // A start that failed has set nothing.
      if (settingOnItsOwn === before) settingOnItsOwn--;
    }
  };
  engine.setBackend = function set(name) {
    if (settingOnItsOwn > 0) settingOnItsOwn--;
    else choice = 'user';
    return setBackend.call(engine, name);
  };
  const tell = (): Choice => choice;
  watched.set(engine, tell);
  return tell;
}

const isNode = globalThis.process?.versions?.node !== undefined;
if (isNode) watch(tf.engine() as unknown as Engine);

/**
 * In Node, leaves tfjs's plain JavaScript backend where nobody chose it: WASM is 10 to 100 times as fast. Says so in one
 * line. tfjs moves weights and data over by itself. Does nothing in a page, on another backend, or where
 * `tf.setBackend('cpu')` or `selectBackend('cpu')` was called.
 *
 * @throws VogError BACKEND_UNAVAILABLE when WASM is not installed or does not start: the message has the line to add
 */
export async function leaveUnsetCpuBackend(warn: (line: string) => void): Promise<void> {
  if (!isNode) return;
  const engine = tf.engine() as unknown as Engine;
  const choice = watch(engine)();
  if (choice === 'user' || (engine.backendName ?? 'cpu') !== 'cpu') return;
  // No page downloads this.
  const { leaveCpu } = await import('./leave-cpu.js');
  await leaveCpu(choice, warn);
}
