import { PassThrough } from 'node:stream';
import * as tf from '@tensorflow/tfjs';
import { createTracker } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { progressBar } from './progress-bar.js';

const test = suite('progressBar');

/** A stream that counts as a terminal or not, and what was written to it. */
function screen(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const stream = new PassThrough();
  let written = '';
  stream.setEncoding('utf8').on('data', (text: string) => (written += text));
  const terminal = Object.assign(stream, {
    isTTY,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  return { stream: terminal as unknown as NodeJS.WriteStream, text: () => written };
}

async function checkpointWith(isTTY: boolean): Promise<string> {
  await tf.setBackend('cpu');
  const { stream, text } = screen(isTTY);
  const tracker = createTracker({
    inputs: { data: new Float32Array(40).map(Math.random), shape: [20, 2] },
    labels: new Int32Array(20),
    metrics: [vog()],
    chunkSize: 5,
  });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: 'softmax' })] });
  const remove = progressBar(tracker, { stream });
  await tracker.checkpoint(model, { epoch: 0 });
  remove();
  tracker.dispose();
  model.dispose();
  await new Promise((resolve) => setImmediate(resolve));
  return text();
}

test('in a terminal it shows examples done, the rate and the time left', async () => {
  assert.match(await checkpointWith(true), /5\/20 examples {2}\d+\/s {2}\d+ s left/);
});

test('it is silent where there is no terminal', async () => {
  assert.is(await checkpointWith(false), '');
});

test.run();
