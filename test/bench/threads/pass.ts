// Makes one lean input-gradient pass whenever it is told to.
import { inputGradientOf, logitsOf } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { uniformFrom } from '@vogjs/testing';
import { lenet, normalBatch, resnet18, seedWeights } from '../../zoo.js';

const [name = '', images = '1'] = process.argv.slice(2);
await selectBackend('wasm');
const model = seedWeights(name.startsWith('LeNet') ? lenet() : resnet18(), 1);
const inputs = normalBatch(model, Number(images), uniformFrom(1));
const labels = Int32Array.from({ length: Number(images) }, (_, i) => i % 10);
const logits = logitsOf(model);
process.on('message', () => {
  inputGradientOf(logits, inputs, labels).dispose();
  process.send?.('done');
});
