// The float64 process: takes cases, one message each, and answers with their references.
import * as tf from '@tensorflow/tfjs';
import { repairBackend } from '@vogjs/backend/repair';
import type { Case } from './generate.js';
import { referenceOf } from './reference.js';

// tfjs says on every model that a native backend would be faster.
console.warn = () => {};
if (Float32Array.BYTES_PER_ELEMENT !== 8) throw new Error('float64.mjs was not loaded first');
await tf.setBackend('cpu');
repairBackend();
process.on('message', ({ id, example }: { id: number; example: Case }) => {
  let answer: object;
  try {
    answer = { id, reference: referenceOf(example) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : String(error) };
  }
  process.send!(answer);
});
process.on('disconnect', () => process.exit(0));
