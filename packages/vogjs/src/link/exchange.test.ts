import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { undoLink } from './exchange.js';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-exchange-'));
const test = suite('undo of a link');
test.after(() => rmSync(folder, { recursive: true }));

const record = { package: 'x', source: 'a.whl', tensorflow: '2.99.0', date: '2026' };
for (const [what, text] of [
  ['whole', JSON.stringify(record)],
  ['cut short', '{"source":"a'],
  ['empty', ''],
  ['null', 'null'],
  ['a list', '[]'],
  ['without a source', '{"source":3}'],
] as const) {
  test(`undo puts the package back where its record is ${what}`, async () => {
    const target = mkdtempSync(join(folder, 'package-'));
    mkdirSync(join(target, '.vogjs-link/original/lib'), { recursive: true });
    mkdirSync(join(target, 'lib'));
    writeFileSync(join(target, '.vogjs-link/original/lib/addon'), 'old');
    writeFileSync(join(target, 'lib/addon'), 'new');
    writeFileSync(join(target, '.vogjs-link/link.json'), text);
    assert.equal(await undoLink(target), what === 'whole' ? record : null);
    assert.is(readFileSync(join(target, 'lib/addon'), 'utf8'), 'old');
    assert.not(existsSync(join(target, '.vogjs-link')));
  });
}

test.run();
