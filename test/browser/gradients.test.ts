// Input gradients in a page: the repairs for WebGL, WASM and WebGPU against finite differences, in headless Chromium.
// VOGJS_BROWSER_ZOO=all checks the whole zoo on WebGL too, which takes a software driver minutes.
// Only with --all: it drives Chromium
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { randomOf, SEED } from '@vogjs/testing';
import { integers } from '../support/random.js';
import type { GradientTests, Verdict } from './page/gradients.js';
import { inChromium, type PageBackend, Pages } from './pages.js';

declare const tests: GradientTests;

const pages = new Pages('gradients.ts');
const test = suite(`gradients in a page (seed ${SEED})`);
const claim = inChromium(test);
const whole = process.env['VOGJS_BROWSER_ZOO'] === 'all';

/** One network a kernel, where a software driver compiles each shader for seconds; an empty list is the whole zoo. */
const SOME = [
  'conv2d 3 stride 2 same, relu',
  'depthwise 3 stride 2 same',
  'transposed convolution stride 2 valid',
  'max pool 3 stride 2 same',
  'average pool 3 stride 2 same',
  'batch normalisation without',
  'layer normalisation',
  'bilinear upsampling',
  'prelu',
  'softmax head',
];
const networks: Readonly<Record<PageBackend, readonly string[] | null>> = {
  wasm: [],
  webgl: whole ? [] : SOME,
  webgpu: whole ? [] : null,
};

const SHARED = ['running', 'largest', 'rank 5', 'shapes that differ', 'axis 1', 'slices', 'one matrix', 'near 0'];

/** Operations by a part of their name; an empty list is all of them. */
const REPAIRED: Readonly<Record<PageBackend, readonly string[]>> = {
  wasm: [],
  webgl: ['pool', '7 x 11, half', '3 x 2, half', 'mirror', 'comparison', 'BatchNorm', 'fused', 'embedding', ...SHARED],
  webgpu: ['average pool', '7 x 11, half', 'mirror', 'one-hot', 'running sum', 'near 0'],
};

function assertAllAgree(verdicts: readonly Verdict[], least: number): void {
  assert.ok(verdicts.length >= least, `only ${verdicts.length} were checked`);
  const wrong = verdicts.filter(({ agrees }) => !agrees).map(({ name, summary }) => `${name}: ${summary}`);
  assert.equal(wrong, [], `SEED=${SEED}`);
}

for (const backend of ['wasm', 'webgl', 'webgpu'] as const) {
  claim(`${backend}: finite differences reject stock gradients and accept every repaired one`, async () => {
    const page = await pages.on(backend);
    const stock = await page.evaluate((seed) => tests.checkOperations(seed, ['average pool, 3x3', 'mirror']), SEED);
    assert.equal(
      stock.map(({ name, agrees }) => [name, agrees]),
      [
        ['average pool, 3x3 stride 2, same', false],
        ['mirror padding', false],
      ],
    );
    const report = await page.evaluate(() => tests.repairBackend());
    assert.is(report.backend, backend);
    const parts = whole ? [] : REPAIRED[backend];
    assertAllAgree(
      await page.evaluate(([seed, names]) => tests.checkOperations(seed, names), [SEED, parts] as const),
      parts.length || 30,
    );
  });

  const parts = networks[backend];
  if (parts !== null) {
    claim(
      `${backend}: gradient = finite differences, ${parts.length === 0 ? 'on the whole zoo' : 'one network a kernel'}`,
      async () => {
        const page = await pages.on(backend);
        await page.evaluate(() => void tests.repairBackend());
        assertAllAgree(
          await page.evaluate(([seed, names]) => tests.checkNetworks(seed, names), [SEED, parts] as const),
          parts.length || 90,
        );
      },
    );
  }

  claim(`${backend}: gradients that do not exist are refused by code`, async () => {
    const page = await pages.on(backend);
    await page.evaluate(() => void tests.repairBackend());
    const codes = Object.entries(await page.evaluate(() => tests.checkRefusals()));
    assert.is(codes.length, 6);
    for (const [name, code] of codes) assert.is(code, 'GRADIENT_UNSUPPORTED', name);
  });
}

claim('the first of equal pixels has the gradient of a max pool, on wasm, webgl and webgpu', async () => {
  const shape: [number, number, number, number] = [2, 9, 8, 3];
  // Few values: nearly every window has equal pixels, and some are negative.
  const pixels = [...integers(randomOf(1), 432, 3)].map((value) => value - 1);
  for (const [size, strides] of [
    [2, 2],
    [3, 2],
    [3, 1],
  ] as const) {
    const gradients: number[][] = [];
    for (const backend of ['wasm', 'webgl', 'webgpu'] as const) {
      const page = await pages.on(backend);
      await page.evaluate(() => void tests.repairBackend());
      gradients.push(
        await page.evaluate(
          ([values, dimensions, window, step]) => tests.maxPoolGradient(values, dimensions, window, step),
          [pixels, shape, size, strides] as const,
        ),
      );
    }
    assert.ok(gradients[0]!.some((value) => value > 0));
    assert.equal(gradients[1], gradients[0], `webgl, ${size} stride ${strides}, SEED=${SEED}`);
    assert.equal(gradients[2], gradients[0], `webgpu, ${size} stride ${strides}, SEED=${SEED}`);
  }
});

test.after(() => pages.close());
test.run();
