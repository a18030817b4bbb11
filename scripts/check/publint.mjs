// Lints every package as packed: entries exist, types resolve, nothing points outside the tarball.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { manifestOf, packAll } from '../pack.mjs';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-publint-'));
let problems = 0;
try {
  const tarballs = Object.entries(packAll(folder));
  for (const [name, tarball] of tarballs) {
    const { buffer, byteOffset, byteLength } = readFileSync(tarball);
    const archive = /** @type {ArrayBuffer} */ (buffer.slice(byteOffset, byteOffset + byteLength));
    const { messages } = await publint({ pack: { tarball: archive }, level: 'warning' });
    const manifest = manifestOf(tarball);
    for (const message of messages) console.log(`${name}: ${formatMessage(message, manifest, { color: false })}`);
    problems += messages.length;
  }
  if (tarballs.length === 0) throw new Error('no package was packed');
  if (problems === 0) console.log(`${tarballs.length} packages`);
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = problems > 0 ? 1 : 0;
