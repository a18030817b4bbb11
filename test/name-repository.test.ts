// A release names its repository in every package: a registry refuses a statement of origin without it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error a script without declarations
import { withRepository } from '../scripts/name-repository.mjs';

const test = suite('the repository of a release');
const root = fileURLToPath(new URL('..', import.meta.url));

test('a manifest gets its address, its folder and its issues, and keeps the rest', () => {
  const manifest = JSON.parse(readFileSync(`${root}/packages/core/package.json`, 'utf8')) as Record<string, unknown>;
  const { repository, homepage, bugs, ...rest } = withRepository(manifest, 'packages/core', 'https://host/owner/name');
  assert.equal(repository, { type: 'git', url: 'git+https://host/owner/name.git', directory: 'packages/core' });
  assert.equal([homepage, bugs], ['https://host/owner/name#readme', 'https://host/owner/name/issues']);
  assert.equal(rest, manifest);
});

test('the workflow that publishes names it before it builds', () => {
  const workflow = readFileSync(`${root}/.github/workflows/release.yml`, 'utf8');
  const [named, built] = [workflow.indexOf('scripts/name-repository.mjs'), workflow.indexOf('pnpm@12 build')];
  assert.ok(named > 0 && named < built);
});

test.run();
