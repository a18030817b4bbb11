import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { AwsV4Signer } from 'aws4fetch';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { storageAt } from '../place.js';
import { baseOf, escapeKey, parseS3 } from './address.js';
import type { Environment } from './profile.js';
import { s3Storage } from './s3-storage.js';
import { readSettings } from './settings.js';

const test = suite('address and keys of a store');
const home = mkdtempSync(join(tmpdir(), 'vogjs-aws-'));
mkdirSync(join(home, '.aws'));
writeFileSync(
  join(home, '.aws/credentials'),
  '# of a test\n[default]\naws_access_key_id = default-id\naws_secret_access_key=default-secret=\n\n[team]\naws_access_key_id=team-id\r\naws_secret_access_key=team-secret\r\naws_session_token=team-token\r\n',
);
writeFileSync(
  join(home, '.aws/config'),
  '[default]\nregion = eu-west-1\ns3 =\n  region = wrong\n[profile team]\nregion=eu-north-1\nendpoint_url=http://127.0.0.1:9000\n[profile away]\nsso_session = us\n[profile half.]\nregion=x\n',
);
test.after(() => rmSync(home, { recursive: true }));

async function refused(environment: Environment): Promise<string> {
  const error = await readSettings(environment).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, VogError);
  assert.is((error as VogError).code, 'STORAGE_CREDENTIALS');
  assert.not.match(inspect(error), /secret-of|id-of/);
  return (error as VogError).message;
}

test('the signer agrees with the signatures that AWS publishes', async () => {
  // Amazon S3, API reference: "Signature Calculations for the Authorization Header", examples without a body.
  const sign = async (url: string): Promise<string> => {
    const { headers } = await new AwsV4Signer({
      url,
      method: 'GET',
      service: 's3',
      region: 'us-east-1',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      datetime: '20130524T000000Z',
      headers: { 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    }).sign();
    return headers.get('authorization')?.split('Signature=')[1] ?? '';
  };
  assert.is(
    await sign('https://examplebucket.s3.amazonaws.com/?lifecycle'),
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  );
  assert.is(
    await sign('https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J'),
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  );
});

test('an address is a bucket and folders, and nothing else', () => {
  assert.equal(parseS3('s3://bucket'), { bucket: 'bucket', prefix: '', shown: 's3://bucket' });
  assert.equal(parseS3('s3://my.bucket-1/a/b c/'), {
    bucket: 'my.bucket-1',
    prefix: 'a/b c/',
    shown: 's3://my.bucket-1/a/b c',
  });
  for (const place of [
    's3://',
    's3:///a',
    's3://B',
    's3://bucket//a',
    's3://bucket/../a',
    's3://bucket/a?x=secret-of',
    's3://id-of:secret-of@bucket/a',
    's3://bucket:9000/a',
    's3://bucket/a\nb',
  ]) {
    try {
      parseS3(place);
      assert.unreachable(place);
    } catch (error) {
      assert.is((error as VogError).code, 'STORAGE_ADDRESS', place);
      assert.match((error as Error).message, /Write s3:\/\/bucket\/runs\/photos/);
      assert.not.match((error as Error).message, /secret-of|id-of/);
    }
  }
});

test('a place of a kind that nobody knows is refused, and not taken for a folder', async () => {
  for (const place of ['gs://bucket/a', 'https://host/a', 'file:///a']) {
    await storageAt('openRun', place).then(
      () => assert.unreachable(),
      ({ code, message }) => {
        assert.is(code, 'STORAGE_ADDRESS');
        assert.match(message, /folders and s3:/);
      },
    );
  }
  assert.is((await storageAt('openRun', 's3://bucket/a')).place, 's3://bucket/a');
});

test('requests go to the host of the bucket at AWS, and by path to an endpoint', () => {
  assert.equal(baseOf('bucket', null, 'eu-west-1'), { origin: 'https://bucket.s3.eu-west-1.amazonaws.com', path: '/' });
  assert.equal(baseOf('my.bucket', null, 'cn-north-1'), {
    origin: 'https://s3.cn-north-1.amazonaws.com.cn',
    path: '/my.bucket/',
  });
  assert.equal(baseOf('bucket', 'http://127.0.0.1:9000/', 'x'), { origin: 'http://127.0.0.1:9000', path: '/bucket/' });
  assert.equal(baseOf('bucket', 'https://host/s3/', 'x'), { origin: 'https://host', path: '/s3/bucket/' });
  assert.is(escapeKey("a b/+%ü'(*)"), 'a%20b/%2B%25%C3%BC%27%28%2A%29');
  for (const [endpoint, region] of [
    ['host:9000', 'x'],
    ['ftp://host', 'x'],
    ['http://id-of:secret-of@host', 'x'],
    ['http://host/?a', 'x'],
    [null, 'eu.evil/'],
  ] as const) {
    try {
      baseOf('bucket', endpoint, region);
      assert.unreachable(String(endpoint));
    } catch (error) {
      assert.is((error as VogError).code, 'STORAGE_ADDRESS');
      assert.not.match((error as Error).message, /secret-of/);
    }
  }
});

test("keys come from the environment, else from the profile of AWS's files", async () => {
  const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  assert.equal(await readSettings({ HOME: home, ...env, AWS_PROFILE: 'team', AWS_REGION: 'us-west-2' }), {
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: undefined },
    region: 'us-west-2',
    endpoint: 'http://127.0.0.1:9000',
  });
  assert.equal(await readSettings({ HOME: home }), {
    credentials: { accessKeyId: 'default-id', secretAccessKey: 'default-secret=', sessionToken: undefined },
    region: 'eu-west-1',
    endpoint: null,
  });
  assert.equal(
    await readSettings({
      HOME: home,
      AWS_PROFILE: 'team',
      AWS_ENDPOINT_URL: 'http://a',
      AWS_ENDPOINT_URL_S3: 'http://b',
    }),
    {
      credentials: { accessKeyId: 'team-id', secretAccessKey: 'team-secret', sessionToken: 'team-token' },
      region: 'eu-north-1',
      endpoint: 'http://b',
    },
  );
  const elsewhere = {
    AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws/credentials'),
    AWS_CONFIG_FILE: join(home, 'none'),
  };
  assert.is((await readSettings({ HOME: join(home, 'none'), ...elsewhere })).region, 'us-east-1');
});

test('keys that are missing, half there, elsewhere or no keys are refused with what to do, and not shown', async () => {
  const none = { HOME: join(home, 'none') };
  assert.match(await refused(none), /no keys.*profile 'default'.*Set AWS_ACCESS_KEY_ID/);
  assert.match(await refused({ HOME: home, AWS_PROFILE: 'half.' }), /no keys.*profile 'half\.'/);
  assert.match(await refused({ ...none, AWS_ACCESS_KEY_ID: 'id-of' }), /SECRET_ACCESS_KEY is not\. Set both|Set both/);
  assert.match(await refused({ ...none, AWS_SECRET_ACCESS_KEY: 'secret-of' }), /AWS_ACCESS_KEY_ID is not/);
  assert.match(await refused({ HOME: home, AWS_PROFILE: 'away' }), /sso_session.*export-credentials --profile away/);
  const torn = { ...none, AWS_ACCESS_KEY_ID: 'id-of', AWS_SECRET_ACCESS_KEY: 'secret-of\nmore' };
  assert.match(await refused(torn), /secretAccessKey has a space/);
  await refused({ ...torn, AWS_SECRET_ACCESS_KEY: 'secret-of', AWS_SESSION_TOKEN: 'secret-of ü' });
  const storage = s3Storage('s3://bucket/a', { environment: { ...none, AWS_SECRET_ACCESS_KEY: 'secret-of' } });
  await storage.size('a').then(
    () => assert.unreachable(),
    ({ code }) => assert.is(code, 'STORAGE_CREDENTIALS'),
  );
  assert.not.match(inspect(storage, { depth: 5, showHidden: true }), /secret-of/);
});

test.run();
