// vogjs doctor as a person runs it, on the backends of this workspace and on stand-ins that fail in every way.
// Only with --all: it examines every backend, some of which hang
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from './native/command.js';
import { installFake, type FakePackage } from './native/fake-package.js';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-doctor-'));
const test = suite('doctor');
test.after(() => rmSync(folder, { recursive: true }));

interface Report {
  readonly chosen: string | null;
  readonly right: boolean;
  readonly reason: string | null;
  readonly node: string;
  readonly cores: number;
  readonly backends: readonly {
    readonly backend: string;
    readonly state: string;
    readonly found: string | null;
    readonly loads: boolean;
    readonly version: string | null;
    readonly device: { name: string; memory: number | null } | null;
    readonly gradient: { error: number | null; tolerance: number; coordinates: number } | null;
    readonly imagesPerSecond: { lenet: number | null; resnet18: number | null };
    readonly reason: string | null;
  }[];
}

async function examine(cwd: string, ...args: string[]): Promise<{ code: number | null; report: Report }> {
  const { code, stdout, stderr } = await vogjs(cwd, ['doctor', '--json', ...args]);
  try {
    return { code, report: JSON.parse(stdout) as Report };
  } catch {
    throw new Error(`no JSON (exit code ${code}): ${stdout}${stderr}`);
  }
}

function projectWith(behaviour: FakePackage['behaviour']): string {
  const project = join(folder, behaviour);
  mkdirSync(project);
  installFake(project, { backend: 'tfjs-node-gpu', behaviour });
  return project;
}

test('wasm is right: found, loaded, within 1e-5 of the differences, timed; exit code 0', async () => {
  const { code, report } = await examine(folder, '--backend', 'wasm');
  assert.is(code, 0);
  assert.is(report.chosen, 'wasm');
  assert.is(report.right, true);
  assert.is(report.node, process.versions.node);
  assert.is(report.backends.length, 1);
  const [wasm] = report.backends;
  assert.is(wasm?.state, 'right', wasm?.reason ?? '');
  assert.ok(wasm?.found?.endsWith('tfjs-backend-wasm'));
  assert.match(wasm?.version ?? '', /tfjs 4\./);
  assert.ok((wasm?.device?.memory ?? 0) > 2 ** 28 && wasm?.device?.name !== '');
  assert.ok((wasm?.gradient?.error ?? 1) < 1e-5);
  assert.is(wasm?.gradient?.coordinates, 400);
  assert.ok((wasm?.imagesPerSecond.lenet ?? 0) > 1);
  assert.is(wasm?.imagesPerSecond.resnet18, null);
});

test('people get a table with the verdict as its last line', async () => {
  const { code, stdout, stderr } = await vogjs(folder, ['doctor', '--backend', 'wasm']);
  assert.is(code, 0, stderr);
  assert.match(stdout, /^vogjs \d+\.\d+\.\d+, Node \d+/);
  assert.match(stdout, /^✓ wasm +right +\d\.\de-\d+ +[\d.,]+ LeNet +← chosen$/m);
  assert.match(stdout, /selectBackend\(\) takes wasm, and its input gradients are right\.\n$/);
  assert.is(stderr, '', 'no progress where there is no terminal');
  assert.not(stdout.includes('\x1b'), 'no colours where there is no terminal');
});

for (const [behaviour, state, reason] of [
  ['throws', 'unusable', /libcudart\.so\.11\.0/],
  ['crashes', 'crashed', /died while loading \(signal SIGSEGV/],
  ['hangs', 'hung', /no answer within 12 s, while loading/],
  ['wrong', 'wrong', /input gradient is off by 0\.\d+/],
] as const) {
  test(`a backend that ${behaviour === 'wrong' ? 'is wrong' : behaviour} is ${state}, and exit code is 1`, async () => {
    // Only what hangs is waited for: a busy machine takes long to start the others.
    const seconds = behaviour === 'hangs' ? '12' : '200';
    const { code, report } = await examine(projectWith(behaviour), '--backend', 'tfjs-node-gpu', '--timeout', seconds);
    assert.is(code, 1);
    assert.is(report.right, false);
    const [backend] = report.backends;
    assert.is(backend?.state, state);
    assert.match(backend?.reason ?? '', reason);
    assert.is(backend?.loads, behaviour === 'wrong');
    assert.is(report.chosen, behaviour === 'wrong' ? 'tfjs-node-gpu' : null);
    assert.is(report.reason === null, behaviour === 'wrong');
  });
}

test('one that is not installed is absent', async () => {
  const { code, report } = await examine(folder, '--backend', 'tfjs-node-gpu');
  assert.is(code, 1);
  assert.is(report.backends[0]?.state, 'absent');
  assert.is(report.backends[0]?.found, null);
});

test('all are examined, and one that crashes at every load takes neither doctor nor the others along', async () => {
  const { code, report } = await examine(join(folder, 'crashes'), '--timeout', '60');
  assert.is(code, 1, 'selectBackend() itself dies here');
  assert.is(report.chosen, null);
  assert.match(report.reason ?? '', /SIGSEGV/);
  const states = Object.fromEntries(report.backends.map(({ backend, state }) => [backend, state]));
  assert.equal(Object.keys(states), ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu']);
  assert.is(states['tfjs-node-gpu'], 'crashed');
  assert.is(states['wasm'], 'right');
  assert.is(states['cpu'], 'right');
});

for (const [args, problem] of [
  [['--bogus'], /There is no option --bogus\./],
  [['--backend', 'abacus'], /--backend must be one of/],
  [['--timeout', '0'], /--timeout must be a number of seconds/],
  [['extra'], /Unexpected argument 'extra'/],
] as const) {
  test(`vogjs doctor ${args.join(' ')} is refused with exit code 2`, async () => {
    const { code, stderr } = await vogjs(folder, ['doctor', ...args]);
    assert.is(code, 2, stderr);
    assert.match(stderr, problem);
  });
}

test.run();
