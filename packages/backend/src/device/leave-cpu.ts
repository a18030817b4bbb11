import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { startWasmInNode } from './start-in-node.js';

const STAY = "To stay on it: await tf.setBackend('cpu') before training.";
let told = false;

/** In Node, on tfjs's plain JavaScript backend: takes WASM where tfjs chose, and says so; else only warns, once. */
export async function leaveCpu(choice: 'tfjs' | 'unknown', warn: (line: string) => void): Promise<void> {
  if (choice === 'unknown') {
    if (!told) {
      warn(
        'VoG.js: TensorFlow.js runs on its plain JavaScript backend, 10 to 100 times slower than WASM. ' +
          "For WASM add: import { selectBackend } from '@vogjs/core/node'; await selectBackend();",
      );
    }
    told = true;
    return;
  }
  const problem = await startWasmInNode();
  if (problem !== null) {
    await tf.setBackend('cpu');
    throw new VogError(
      'BACKEND_UNAVAILABLE',
      'TensorFlow.js runs on its plain JavaScript backend, 10 to 100 times slower than WASM, because no other was chosen; ' +
        `and the WASM backend cannot be taken: ${problem.reason}. ${problem.fix} ${STAY}`,
      { cause: problem.cause },
    );
  }
  warn(`VoG.js: TensorFlow.js was on its plain JavaScript backend and now runs on WASM, which is faster. ${STAY}`);
}
