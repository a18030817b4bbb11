// Only with --all: it drives Chromium
// Gradient and VoG maps in the explorer, of a network that was trained on Fashion-MNIST and whose checkpoints are kept.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { fitCallback } from '@vogjs/callback';
import { createTracker } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import { explore, type Explorer, type KeptCheckpoints } from '@vogjs/explorer';
import { vog } from '@vogjs/metrics';
import { FASHION_MNIST_CLASSES } from '@vogjs/formats';
import { recordRun } from '@vogjs/run/record';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium } from './chromium.js';
import { faultsOf, lookAtAll, problemsOf } from './looks.js';
import { fashionImages } from './fashion.js';
import { inChromium } from './pages.js';

const test = suite('maps in a browser');
const claim = inChromium(test);
const folder = mkdtempSync(join(tmpdir(), 'vogjs-maps-page-'));
/** Pictures of what was seen go here where the variable is set. */
const [EXAMPLES, EPOCHS, SIDE] = [200, 5, 28];

function network(): tf.LayersModel {
  const { conv2d, dense, flatten, maxPooling2d } = tf.layers;
  const drawn = (seed: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed }) });
  const model = tf.sequential({
    layers: [
      conv2d({ inputShape: [SIDE, SIDE, 1], filters: 8, kernelSize: 3, activation: 'relu', ...drawn(1) }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 10, activation: 'softmax', ...drawn(2) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.003), loss: 'categoricalCrossentropy' });
  return model;
}

interface Made {
  readonly explorer: Explorer;
  readonly vog: Float32Array;
  /** The largest value of a row's gradient map at a checkpoint, by the engine. */
  readonly mostOf: (row: number, checkpoint: number) => number;
  /** How often a checkpoint was loaded. */
  readonly loads: () => number;
}

let made: Promise<Made> | undefined;

async function make(): Promise<Made> {
  await selectBackend('cpu');
  const { pixels, labels } = await fashionImages(EXAMPLES);
  const values = Float32Array.from(pixels, (pixel) => pixel / 255);
  const shape = [EXAMPLES, SIDE, SIDE, 1] as const;
  const [model, inputs] = [network(), tf.tensor4d(values, [...shape])];
  const targets = tf.oneHot(tf.tensor1d([...labels], 'int32'), 10);
  const tracker = createTracker({ inputs, labels, classNames: FASHION_MNIST_CLASSES, metrics: [vog()] });
  const recorder = await recordRun(tracker, join(folder, 'fashion'));
  const weights: Float32Array[][] = [];
  tracker.on('checkpointEnd', () => {
    weights.push(model.getWeights().map((weight) => weight.dataSync().slice() as Float32Array));
  });
  await model.fit(inputs, targets, { epochs: EPOCHS, batchSize: 32, verbose: 0, callbacks: [fitCallback(tracker)] });
  await recorder.finish();
  const { vog: scores } = await tracker.columns('vog');
  const thumbs = { width: SIDE, height: SIDE, channels: 1, count: EXAMPLES } as const;
  const read = (start: number, end: number) => Uint8Array.from(pixels.slice(start * 784, end * 784));
  await recorder.run.thumbs({ ...thumbs, read });
  let loads = 0;
  const shapes = model.getWeights().map((weight) => weight.shape);
  const at = (checkpoint: number): tf.LayersModel => {
    const tensors = weights[checkpoint]!.map((data, place) => tf.tensor(data, shapes[place]));
    model.setWeights(tensors);
    tf.dispose(tensors);
    return model;
  };
  const exampleOf = (row: number): Float32Array => values.subarray(row * 784, (row + 1) * 784);
  const kept: KeptCheckpoints = {
    numbers: [...weights.keys()],
    open: async (number) => {
      loads++;
      return at(number);
    },
    example: async (row) => ({ values: exampleOf(row), shape: [SIDE, SIDE, 1], label: labels[row]! }),
    close: () => {},
  };
  return {
    explorer: await explore(join(folder, 'fashion'), { checkpoints: async () => kept }),
    vog: scores!.values,
    loads: () => loads,
    mostOf: (row, checkpoint) =>
      tf.tidy(() => {
        const x = tf.tensor4d(exampleOf(row), [1, SIDE, SIDE, 1]);
        const network = at(checkpoint);
        const p = (input: tf.Tensor): tf.Tensor =>
          tf.gather(network.apply(input) as tf.Tensor, [labels[row]!], 1).sum();
        return (tf.grad(p)(x).abs().max().dataSync() as Float32Array)[0]!;
      }),
  };
}

let browser: Browser | undefined;
test.after(async () => {
  await browser?.close();
  await (await made)?.explorer.close();
  rmSync(folder, { recursive: true });
});

async function visit(link: string) {
  browser ??= await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(60_000);
  const problems = problemsOf(page);
  await page.goto(link);
  return { page, problems };
}

/** Three digits, as the page writes them. */
function written(value: number): string {
  return (value < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)))).replace('-', '−');
}

const scaleOf = (page: Page, title: string) => page.locator('figure', { hasText: title }).locator('.scale');
const picture = (page: Page, title: string) =>
  page
    .locator('figure', { hasText: title })
    .locator('canvas')
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

claim('maps come when they are opened, with their range in numbers, at the checkpoint that is chosen', async () => {
  made ??= make();
  const { explorer, loads, mostOf, vog: scores } = await made;
  const { page, problems } = await visit(explorer.link.replace('/#', '/?row=3#'));
  await page.getByRole('dialog').waitFor();
  await page.getByText('Gradient maps').waitFor();
  await page.waitForTimeout(300);
  assert.is(loads(), 0, 'nothing is computed before somebody looks');
  await page.getByText('Gradient maps').focus();
  await page.keyboard.press('Enter');
  const slider = page.getByRole('slider', { name: 'Checkpoint' });
  await scaleOf(page, 'Gradient').waitFor();
  await scaleOf(page, 'VoG map').waitFor();
  assert.is(loads(), EPOCHS, 'each checkpoint is loaded once for both maps');
  const told = `Scale: linear, from 0 to ${written(mostOf(3, EPOCHS - 1))}`;
  assert.is(await scaleOf(page, 'Gradient').getAttribute('aria-label'), told);
  const words = (await page.locator('figure', { hasText: 'VoG map' }).textContent()) ?? '';
  const mean = /Its mean, ([\d.e-]+), is VoG/.exec(words.replaceAll('−', '-'))?.[1];
  // Of a value below 0.001 two digits are written, of others three.
  const digits = scores[3]! < 1e-3 ? 6e-2 : 6e-3;
  assert.ok(Math.abs(Number(mean) / scores[3]! - 1) < digits, `${mean}, and the score is ${scores[3]}`);
  assert.match(words, /over all 5 checkpoints/);

  const [last, moved] = [await picture(page, 'Gradient'), await picture(page, 'VoG map')];
  await slider.focus();
  for (let at = EPOCHS - 2; at >= 0; at--) {
    await page.keyboard.press('ArrowLeft');
    assert.is(await slider.getAttribute('aria-valuetext'), `checkpoint ${at + 1} of ${EPOCHS}`);
  }
  await page.locator(`.scale[aria-label="Scale: linear, from 0 to ${written(mostOf(3, 0))}"]`).waitFor();
  // It is painted after its scale is written.
  for (let tries = 0; tries < 1200 && (await picture(page, 'Gradient')) === last; tries++)
    await page.waitForTimeout(50);
  assert.is.not(await picture(page, 'Gradient'), last);
  assert.is(await picture(page, 'VoG map'), moved, 'the other map stays');
  assert.is(loads(), EPOCHS, 'what was computed is kept');
  await lookAtAll(page, 'maps', { ready: () => page.locator('.map-row').scrollIntoViewIfNeeded(), wholePhone: false });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction((light) => {
    const canvas = [...document.querySelectorAll<HTMLCanvasElement>('.heat canvas')].at(-1);
    return canvas?.toDataURL() !== light;
  }, moved);
  assert.equal(problems, []);
  await page.close();
});

claim('they stay open in the review, for the next example, at the same checkpoint', async () => {
  made ??= make();
  const { explorer, mostOf } = await made;
  const { page, problems } = await visit(explorer.link.replace('/#', '/?tab=review#'));
  const heading = page.locator('h2.example');
  await heading.waitFor();
  const first = Number(/^\d+/.exec((await heading.textContent()) ?? '')?.[0]);
  await page.getByText('Gradient maps').click();
  const slider = page.getByRole('slider', { name: 'Checkpoint' });
  await slider.focus();
  await page.keyboard.press('Home');
  await page.locator(`.scale[aria-label="Scale: linear, from 0 to ${written(mostOf(first, 0))}"]`).waitFor();
  assert.is(
    Number(/^\d+/.exec((await heading.textContent()) ?? '')?.[0]),
    first,
    'arrows move the slider, not the queue',
  );
  await heading.focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(
    (before) => !document.querySelector('h2.example')?.textContent?.startsWith(`${before} `),
    first,
  );
  const second = Number(/^\d+/.exec((await heading.textContent()) ?? '')?.[0]);
  await page.locator(`.scale[aria-label="Scale: linear, from 0 to ${written(mostOf(second, 0))}"]`).waitFor();
  await lookAtAll(page, 'maps-review', {
    ready: () => page.locator('.map-row').scrollIntoViewIfNeeded(),
    wholePhone: false,
  });
  assert.equal(problems, []);
  await page.close();
});

claim('where no checkpoint is kept, a line says so', async () => {
  made ??= make();
  await made;
  const why = 'No checkpoint of this run is kept <b>here</b>.';
  const explorer = await explore(join(folder, 'fashion'), { checkpoints: async () => why });
  const { page, problems } = await visit(explorer.link.replace('/#', '/?row=0#'));
  await page.getByText('Gradient maps').click();
  await page.getByText(why).waitFor();
  assert.is(await page.getByRole('slider', { name: 'Checkpoint' }).count(), 0);
  assert.equal(await faultsOf(page), []);
  assert.equal(problems, []);
  await page.close();
  await explorer.close();
});

test.run();
