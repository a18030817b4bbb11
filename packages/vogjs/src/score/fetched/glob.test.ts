import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { globSync } from 'tinyglobby';
import { findCheckpoints } from '../checkpoints/find-checkpoints.js';
import { folderOfPattern, GLOB_RULES, matchKeys } from './glob.js';

const test = suite('patterns in a bucket');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-glob-'));
const start = process.cwd();
const KEYS = [
  'ckpt/epoch-1.safetensors',
  'ckpt/epoch-2.safetensors',
  'ckpt/epoch-10.safetensors',
  'ckpt/EPOCH-3.safetensors',
  'ckpt/.hidden.safetensors',
  'ckpt/notes.txt',
  'ckpt/a/model.json',
  'ckpt/a/weights.bin',
  'ckpt/b/model.json',
  'ckpt/b/deep/er/c.npz',
  'ckpt/[1].npz',
  'other/model.json',
  'top.npz',
];
test.before(() => {
  for (const key of KEYS) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), '');
  }
  process.chdir(folder);
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

const PATTERNS = [
  '*',
  '**',
  'ckpt/*',
  'ckpt/**',
  'ckpt',
  'ckpt/',
  'ckpt/a',
  'ckpt/a/',
  'ckpt/*/model.json',
  'ckpt/**/*.npz',
  'ckpt/*.safetensors',
  'ckpt/epoch-?.safetensors',
  'ckpt/epoch-{1,10}.safetensors',
  'ckpt/epoch-[12].safetensors',
  'ckpt/!(epoch-1).safetensors',
  'ckpt/@(epoch-1|epoch-2).safetensors',
  'ckpt/+(epoch-1|epoch-2).safetensors',
  'ckpt/.*',
  String.raw`ckpt/\[1\].npz`,
  '{ckpt,other}/**/model.json',
  '*/model.json',
  'nothing/*',
  'ckpt/epoch-1.safetensors',
  'ckpt/../other/*',
  '!ckpt/*',
];

test('a pattern matches keys as it matches files of the same names', () => {
  for (const pattern of PATTERNS) {
    const files = globSync(pattern, GLOB_RULES).map((path) => path.replace(/\/$/, ''));
    assert.equal(matchKeys(pattern, KEYS).toSorted(), files.toSorted(), pattern);
  }
  assert.equal(matchKeys('', KEYS), []);
});

test('all that a pattern matches is in the folder that is listed', () => {
  for (const pattern of PATTERNS) {
    const place = folderOfPattern(pattern);
    for (const key of matchKeys(pattern, KEYS)) assert.ok(`${key}/`.startsWith(place), `${pattern}: ${key}`);
  }
  assert.is(folderOfPattern('ckpt/epoch-*.safetensors'), 'ckpt/');
  assert.is(folderOfPattern('runs/a/ckpt/*/model.json'), 'runs/a/ckpt/');
  assert.is(folderOfPattern('*'), '');
});

test('checkpoints of a folder are in the order of their numbers', () => {
  assert.equal(
    findCheckpoints('ckpt/epoch-*').paths,
    [1, 2, 10].map((n) => `ckpt/epoch-${n}.safetensors`),
  );
});

test.run();
