// Only with --all: it installs moto's server from PyPI and starts it
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { openStorage } from '@vogjs/run';
import { startS3Server, type S3Server } from '@vogjs/testing/s3-server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../../command-line.test.helper.js';
import { contentsOf, ok, refused, scoreOf, writeCheckpoints } from '../shards/shards.test.helper.js';

const test = suite('data and checkpoints in an S3-compatible store');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-served-'));
const data = join(folder, 'data');
const kept = { ...process.env };
const ASKED = ['--chunk-size', '5', '--backend', 'cpu'];
let server: S3Server;

test.before(async () => {
  server = await startS3Server();
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, server.writer, { HOME: folder, VOGJS_CACHE: join(folder, 'copies') });
  await writeCheckpoints(data);
  const bucket = await openStorage(`s3://${server.bucket}/inputs`);
  for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' })) {
    if (statSync(join(data, name)).isFile()) await bucket.write(name, readFileSync(join(data, name)));
  }
});
test.after(() => {
  process.env = kept;
  server.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => `s3://${server.bucket}/inputs/${name}`;
const stored = (...more: string[]): string[] => {
  const files = [at('rows.npy'), '--labels', at('labels.csv'), '--checkpoints', at('ckpt/*')];
  return ['score', ...files, ...ASKED, ...more];
};

test('keys that may read and list are enough, and the run is that of the files, byte for byte', async () => {
  const [here, whole] = [join(folder, 'here'), join(folder, 'whole')];
  await ok(...scoreOf(data, ...ASKED, '--out', whole));
  Object.assign(process.env, server.reader);
  await ok(...stored('--out', here));
  Object.assign(process.env, server.writer);
  const [found, expected] = [contentsOf(here), contentsOf(whole)];
  for (const name of ['scores.parquet', 'trajectories.parquet']) assert.ok(found[name] === expected[name], name);
});

test('shards of files and of addresses are of one run, which is in the bucket too', async () => {
  const out = `s3://${server.bucket}/runs/mixed`;
  await ok(...scoreOf(data, ...ASKED, '--out', out, '--shard', '1/2'));
  await ok(...stored('--out', out, '--shard', '2/2'));
  await ok('merge', out);
  const scores = Buffer.from(await (await openStorage(out)).read('scores.parquet'));
  assert.ok(scores.equals(readFileSync(join(folder, 'whole', 'scores.parquet'))));
});

test('--watch takes what is in the bucket, and ends when all are scored', async () => {
  const watched = join(folder, 'watched');
  await ok(...stored('--watch', '4', '--out', watched));
  assert.ok(contentsOf(watched)['scores.parquet'] === contentsOf(join(folder, 'whole'))['scores.parquet']);
});

test('a key that is not there is refused, and so are keys that are wrong, without being shown', async () => {
  const none = ['score', at('absent.npy'), '--labels', at('labels.csv'), '--out', join(folder, 'no')];
  assert.match(await refused(...none), /is no file, and there are none.*STORAGE_ABSENT/);
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret-of-somebody-else';
  const { code, error, out } = await vogjs(...stored('--out', join(folder, 'no')));
  assert.is(code, 1);
  assert.match(error, /STORAGE_CREDENTIALS/);
  for (const secret of [...server.secrets, 'secret-of']) assert.not.ok((error + out).includes(secret));
});

test.run();
