// A release names its repository in every package: a registry refuses a statement of origin without it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('the repository of a release');
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vogjs-named-'));
test.after(() => rmSync(folder, { recursive: true }));

const run = (address: string) =>
  spawnSync(process.execPath, [join(root, 'scripts/name-repository.mjs'), address, folder], { encoding: 'utf8' });
const manifestOf = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8')) as Record<string, unknown>;

test('a manifest gets its address, its folder and its issues, and keeps the rest; a private one stays as it is', () => {
  const given = readFileSync(join(root, 'packages/core/package.json'), 'utf8');
  for (const [name, text] of [
    ['core', given],
    ['own', '{ "name": "own", "private": true }'],
  ] as const) {
    mkdirSync(join(folder, 'packages', name), { recursive: true });
    writeFileSync(join(folder, 'packages', name, 'package.json'), text);
  }
  const { status, stderr } = run('https://host/owner/name');
  assert.is(status, 0, stderr);
  const { repository, homepage, bugs, ...rest } = manifestOf('core');
  assert.equal(repository, { type: 'git', url: 'git+https://host/owner/name.git', directory: 'packages/core' });
  assert.equal([homepage, bugs], ['https://host/owner/name#readme', 'https://host/owner/name/issues']);
  assert.equal(rest, JSON.parse(given));
  assert.equal(manifestOf('own'), { name: 'own', private: true });
  assert.is(run('owner/name').status, 2);
});

test('the workflow that publishes names it before it builds', () => {
  const workflow = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8');
  const [named, built] = [workflow.indexOf('scripts/name-repository.mjs'), workflow.indexOf('pnpm@12 build')];
  assert.ok(named > 0 && named < built);
});

test.run();
