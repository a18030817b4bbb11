// Only with --all: it bundles the view
// The view that pages mount, as it is published: one file, small, for a browser alone.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { build } from 'vite';

const root = fileURLToPath(new URL('../packages/explorer', import.meta.url));
const outDir = mkdtempSync(join(tmpdir(), 'vogjs-live-bundle-'));
test.after(() => rmSync(outDir, { recursive: true }));

test('the live view is one file of at most 30 kB, without TensorFlow.js and without anything of Node', async () => {
  await build({ root, configFile: join(root, 'vite.live.config.js'), logLevel: 'error', build: { outDir } });
  assert.equal(readdirSync(outDir), ['live.js']);
  const code = readFileSync(join(outDir, 'live.js'), 'utf8');
  assert.ok(gzipSync(code).length <= 30_000, `${gzipSync(code).length} bytes`);
  assert.match(code, /export\s*\{[^}]*mountLive/);
  assert.is(/(from|import)\s*\(?["'](node:|@tensorflow)/.exec(code), null);
});

test.run();
