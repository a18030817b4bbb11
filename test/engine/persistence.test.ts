// A run that is saved and continued equals one that never stopped, to the bit; what is damaged is refused by name.
// Only with --all: it saves and loads every metric on every backend
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, writeSafetensors } from '@vogjs/formats';
import { seededRandom, VogError } from '@vogjs/base';
import { epochs, everySteps, type Metric, stages, type Tracker } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { randomOf, SEED, withSeed } from '@vogjs/testing';
import { testBackends, useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { firstLogits, hits, meanLoss } from '../support/metrics.js';
import { integers } from '../support/random.js';
import { runEpochs, type Scene, sceneOf, scoresOf, trackerOf } from '../support/runs.js';

const test = suite('persistence');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-state-'));
test.after(() => rmSync(folder, { recursive: true }));

const WINDOWS = { early: epochs(0, 3), late: epochs(4, 7) };
const metrics = (): Metric[] => [vog(), meanLoss(), hits(), firstLogits()];
const make = (scene: Scene, more: object = {}): Tracker =>
  trackerOf(scene, { metrics: metrics(), windows: WINDOWS, ...more });
const bits = (scores: Record<string, number[]>): string => JSON.stringify(scores);
const NAMES = ['complete', 'early', 'late'];

for (const backend of testBackends()) {
  test(`${backend}: saved and loaded after any epoch, by file or bytes = uninterrupted, to the bit`, () =>
    withSeed(async () => {
      await useBackend(backend);
      for (const cut of [0, 1, 4, 6]) {
        const [scene, other] = [sceneOf(10), sceneOf(10)];
        const whole = make(scene);
        await runEpochs(scene, [whole], 0, 7);

        const before = make(other);
        await runEpochs(other, [before], 0, cut);
        const path = join(folder, `cut-${cut}.safetensors`);
        await before.save(path);
        const bytes = await before.serialise();
        assert.equal(new Uint8Array(readFileSync(path)), bytes, 'save writes the bytes of serialise');
        before.dispose();

        // Another chunk size: the saved one is taken over.
        const byFile = make(other, { chunkSize: 7 });
        await byFile.load(path);
        const byBytes = make(other);
        // A view into a larger buffer, at an odd offset.
        const shifted = new Uint8Array(bytes.length + 3);
        shifted.set(bytes, 3);
        await byBytes.load(shifted.subarray(3));
        assert.is(byFile.checkpoints, cut);
        assert.equal(byFile.position, byBytes.position);
        assert.is(byFile.position?.epochsCompleted ?? 0, cut);
        await runEpochs(other, [byFile, byBytes], cut, 7);

        const expected = bits(await scoresOf(whole, NAMES));
        assert.is(bits(await scoresOf(byFile, NAMES)), expected, `cut at ${cut}, by file`);
        assert.is(bits(await scoresOf(byBytes, NAMES)), expected, `cut at ${cut}, by bytes`);
        for (const tracker of [whole, byFile, byBytes]) tracker.dispose();
      }
    }));
}

test('load replaces what the tracker had, and a failed load leaves it as it was', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(11);
    const tracker = make(scene);
    await runEpochs(scene, [tracker], 0, 3);
    const saved = await tracker.serialise();
    const then = bits(await scoresOf(tracker));
    await runEpochs(scene, [tracker], 3, 5);
    const later = bits(await scoresOf(tracker));
    await codedError(() => tracker.load(saved.subarray(0, saved.length - 8)), 'FORMAT_TRUNCATED');
    assert.is(bits(await scoresOf(tracker)), later);
    await tracker.load(saved);
    assert.is(bits(await scoresOf(tracker)), then);
    assert.is(tracker.checkpoints, 3);
    tracker.dispose();
  }));

test('schedules continue where they stood: a step seen before the save is not counted again after the load', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(12);
    const options = { metrics: [meanLoss()], schedule: everySteps(4), windows: {} };
    const first = make(scene, options);
    for (let step = 1; step <= 6; step++) await first.observe(scene.model, { epoch: 0, step, epochEnd: false });
    const second = make(scene, options);
    await second.load(await first.serialise());
    const taken: number[] = [];
    for (let step = 7; step <= 12; step++) {
      if (await second.observe(scene.model, { epoch: 0, step, epochEnd: false })) taken.push(step);
    }
    assert.equal(taken, [8, 12]);
    assert.is(second.checkpoints, 3);
    first.dispose();
    second.dispose();
  }));

async function savedState(): Promise<{ bytes: Uint8Array; scene: Scene }> {
  const scene = sceneOf(13);
  const tracker = make(scene);
  await runEpochs(scene, [tracker], 0, 4);
  const bytes = await tracker.serialise();
  tracker.dispose();
  return { bytes, scene };
}

test('a state cut short at any length is refused by code, and training state stays empty', () =>
  withSeed(async () => {
    await useBackend();
    const { bytes, scene } = await savedState();
    const tracker = make(scene);
    const random = seededRandom(SEED);
    for (const length of [
      0,
      1,
      7,
      8,
      9,
      bytes.length - 1,
      ...Array.from({ length: 30 }, () => random.integer(bytes.length)),
    ]) {
      try {
        await tracker.load(bytes.slice(0, length));
        assert.unreachable(`a file of ${length} of ${bytes.length} bytes was loaded`);
      } catch (error) {
        assert.ok(
          error instanceof VogError && ['FORMAT_TRUNCATED', 'FORMAT_INVALID'].includes(error.code),
          `${length} bytes: ${String(error)}`,
        );
      }
    }
    assert.is(tracker.checkpoints, 0);
    tracker.dispose();
  }));

test('a state with any one bit flipped, in header, metadata or tensors, is refused by code', () =>
  withSeed(async () => {
    await useBackend();
    const { bytes, scene } = await savedState();
    const tracker = make(scene);
    const random = seededRandom(SEED + 1);
    const codes = new Map<string, number>();
    for (let flip = 0; flip < 600; flip++) {
      const damaged = bytes.slice();
      const bit = random.integer(bytes.length * 8);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      try {
        await tracker.load(damaged);
        assert.unreachable(
          `bit ${bit & 7} of byte ${bit >> 3} of ${bytes.length} was flipped and not noticed: ${Buffer.from(damaged.subarray((bit >> 3) - 20, (bit >> 3) + 20)).toString('latin1')}`,
        );
      } catch (error) {
        if (!(error instanceof VogError)) throw error;
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
      }
    }
    assert.ok((codes.get('STATE_INVALID') ?? 0) > 0, 'no flip reached the checksum');
    assert.is(tracker.checkpoints, 0);
    tracker.dispose();
  }));

test('a state of another probe is refused: other size, shape, labels, ids or order', () =>
  withSeed(async () => {
    await useBackend();
    const { bytes, scene } = await savedState();
    const random = randomOf(14);
    const { data, shape } = scene.inputs;
    const flipped = Int32Array.from(scene.labels, (label, i) => (i === 3 ? (label + 1) % 3 : label));
    const ids = Array.from({ length: 10 }, (_, i) => i);
    const others: object[] = [
      { inputs: { data: data.subarray(0, 36), shape: [9, 4] }, labels: scene.labels.subarray(0, 9) },
      { inputs: { data, shape: [10, 2, 2] } },
      { labels: flipped },
      { ids: ids.toReversed() },
      { ids: ids.map((id) => `a${id}`) },
      { labels: integers(random, 10, 2).map(() => 0) },
    ];
    for (const other of others) {
      const tracker = make(scene, other);
      await codedError(() => tracker.load(bytes), 'PROBE_MISMATCH', /another probe/);
      tracker.dispose();
    }
    assert.equal(shape, [10, 4]);
  }));

test('a state of other metrics, options or windows is refused, the order of metrics does not matter', () =>
  withSeed(async () => {
    await useBackend();
    const { bytes, scene } = await savedState();
    const others: object[] = [
      { metrics: [vog()] },
      { metrics: [vog({ ddof: 1 }), meanLoss(), hits(), firstLogits()] },
      { metrics: [vog({ activation: 'loss' }), meanLoss(), hits(), firstLogits()] },
      { metrics: [...metrics(), meanLoss('another')] },
      { metrics: metrics().map((metric) => ({ ...metric, version: 2 })) },
      { windows: {} },
      { windows: { early: epochs(0, 3), late: epochs(4, 8) } },
      { windows: stages(3), total: { epochs: 9 } },
    ];
    for (const other of others) {
      const tracker = make(scene, other);
      await codedError(() => tracker.load(bytes), 'STATE_MISMATCH');
      tracker.dispose();
    }
    const reordered = make(scene, { metrics: metrics().toReversed() });
    await reordered.load(bytes);
    assert.is(reordered.checkpoints, 4);
    reordered.dispose();
  }));

test('a state of a newer layout is refused with the way out, a foreign safetensors file by name', () =>
  withSeed(async () => {
    await useBackend();
    const { bytes, scene } = await savedState();
    const { tensors, metadata } = readSafetensors(bytes);
    const tracker = make(scene);
    const [key = ''] = Object.keys(metadata);
    const header = JSON.parse(metadata[key] ?? '{}') as { version: number };
    const newer = writeSafetensors(tensors, { [key]: JSON.stringify({ ...header, version: header.version + 1 }) });
    await codedError(() => tracker.load(newer), 'STATE_VERSION', /Update @vogjs\/core/);
    await codedError(() => tracker.load(writeSafetensors(tensors, {})), 'STATE_INVALID', /not the saved state/);
    for (const text of ['{}', 'null', '5', '[]', 'no json', '{"version":1}']) {
      await codedError(() => tracker.load(writeSafetensors(tensors, { [key]: text })), 'STATE_INVALID');
    }
    await codedError(() => tracker.load(new Uint8Array(40)), 'FORMAT_INVALID');
    tracker.dispose();
  }));

test('saves that overlap do not disturb each other, and leave no temporary file', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(15);
    const tracker = make(scene);
    await runEpochs(scene, [tracker], 0, 2);
    const path = join(folder, 'overlap.safetensors');
    await Promise.all(Array.from({ length: 5 }, () => tracker.save(path)));
    const loaded = make(scene);
    await loaded.load(path);
    assert.is(bits(await scoresOf(loaded)), bits(await scoresOf(tracker)));
    assert.equal(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
    let failed: unknown;
    await tracker.save(join(folder, 'missing', 'state')).catch((error: unknown) => (failed = error));
    assert.match(String(failed), /no such file/);
    tracker.dispose();
    loaded.dispose();
  }));

const script = fileURLToPath(new URL('fixtures/killed.ts', import.meta.url));
const tsconfig = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));

/** Runs the child; `watch` sees each line as it comes. */
function child(
  args: string[],
  watch: (line: string, process: ChildProcess) => void,
): Promise<{ signal: string | null; lines: string[] }> {
  return new Promise((resolve, reject) => {
    const run = spawn(
      process.execPath,
      ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx'), script, ...args],
      {
        env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig, SEED: String(SEED) },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const lines: string[] = [];
    let [rest, errors] = ['', ''];
    run.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    run.stdout.on('data', (data: Buffer) => {
      const parts = (rest + data.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        watch(line, run);
      }
    });
    run.on('error', reject);
    run.on('close', (code, signal) =>
      code === 0 || signal === 'SIGKILL' ? resolve({ signal, lines }) : reject(new Error(errors)),
    );
  });
}

test('killed by -9 in mid-run, saving all the time, then resumed = uninterrupted to the bit; no file is ever torn', () =>
  withSeed(async () => {
    await useBackend();
    const epochsInAll = 12;
    const file = join(folder, 'killed.safetensors');
    const delay = randomOf(16).integer(15);
    // Ends a while after the fourth save: in the middle of a checkpoint or of a write.
    const killed = await child([file, '100000'], (line, run) => {
      if (line === 'saved 4') setTimeout(() => run.kill('SIGKILL'), delay);
    });
    assert.is(killed.signal, 'SIGKILL');
    const saves = killed.lines.filter((line) => line.startsWith('saved'));
    assert.ok(saves.length >= 4);
    // What was acknowledged is there, whole.
    const scene = sceneOf(77, 400);
    const check = trackerOf(scene, {
      metrics: [vog(), meanLoss(), hits()],
      windows: { early: epochs(0, 3), late: epochs(3, 1000) },
    });
    await check.load(file);
    assert.ok(
      check.checkpoints >= saves.length,
      `${saves.length} saves were acknowledged, the file holds ${check.checkpoints}`,
    );
    const total = Math.max(epochsInAll, check.checkpoints + 2);
    check.dispose();

    const [resumed, whole] = await Promise.all([
      child([file, String(total), 'resume'], () => {}),
      child([join(folder, 'whole.safetensors'), String(total)], () => {}),
    ]);
    assert.ok(resumed.lines.length < whole.lines.length, 'the resumed run did not start from the file');
    const last = whole.lines.at(-1) ?? '';
    assert.ok(last.startsWith('scores [['));
    assert.is(resumed.lines.at(-1), last);
  }));

test('a write that dies between its parts leaves the old file: only a rename makes the new one visible', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(17);
    const tracker = make(scene);
    await runEpochs(scene, [tracker], 0, 2);
    const path = join(folder, 'old.safetensors');
    await tracker.save(path);
    // What a process killed in mid-write leaves behind: half a temporary file beside the old state.
    writeFileSync(`${path}.1.1.tmp`, readFileSync(path).subarray(0, 100));
    const loaded = make(scene);
    await loaded.load(path);
    assert.is(loaded.checkpoints, 2);
    loaded.dispose();
    tracker.dispose();
  }));

test.run();
