import { createServer } from 'node:net';
import { VogError } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Client, served } from './served.test.helper.js';

let client: Client;
test.before(async () => {
  client = await served(null);
});
test.after(() => client.close());

const told = (body: Buffer): string => (JSON.parse(body.toString()) as { message: string }).message;

test('a name that is not this machine’s is refused, for the page and for the data', async () => {
  const authorization = `Bearer ${client.token}`;
  for (const host of ['evil.example', `evil.example:${client.port}`, '127.0.0.1.evil.example', '10.0.0.7']) {
    for (const path of ['/', '/api/runs']) {
      assert.is((await client.ask('GET', path, { host, authorization })).status, 403, `${host} ${path}`);
    }
  }
  for (const host of [
    `127.0.0.1:${client.port}`,
    `localhost:${client.port}`,
    'localhost:9999',
    `[::1]:${client.port}`,
  ]) {
    assert.is((await client.ask('GET', '/api/runs', { host, authorization })).status, 200, host);
  }
});

test('pages of other origins are refused although they know the token', async () => {
  const host = `127.0.0.1:${client.port}`;
  const authorization = `Bearer ${client.token}`;
  for (const origin of ['http://evil.example', 'null', `https://${host}`, `http://localhost:${client.port}`]) {
    assert.is((await client.ask('GET', '/api/runs', { host, authorization, origin })).status, 403, origin);
  }
  const crossSite = { host, authorization, 'sec-fetch-site': 'cross-site' };
  assert.is((await client.ask('GET', '/api/runs', crossSite)).status, 403);
  assert.is((await client.ask('GET', '/', { host, 'sec-fetch-site': 'cross-site' })).status, 200, 'a link to the page');
  const own = { host, authorization, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
  assert.is((await client.ask('GET', '/api/runs', own)).status, 200);
});

test('without the token nothing is told and nothing is written', async () => {
  const type = { 'content-type': 'application/json' };
  const body = JSON.stringify({ run: 0, reviews: [{ row: 0, decision: 'confirm' }] });
  for (const authorization of ['', 'Bearer', 'Bearer x', `Basic ${client.token}`, `Bearer ${client.token}x`]) {
    const { status, headers } = await client.ask('POST', '/api/reviews', { ...type, authorization }, body);
    assert.is(status, 401, authorization);
    assert.is(headers['www-authenticate'], 'Bearer');
    assert.is((await client.ask('GET', '/api/runs/0', { authorization })).status, 401);
  }
  const { standing } = await client.json<{ standing: unknown[] }>('/api/runs/0/reviews');
  assert.is(standing.length, 0);
});

test('every answer forbids other sources, frames and guessing of types', async () => {
  for (const [path, status] of [
    ['/', 200],
    ['/api/runs', 200],
    ['/nothing', 404],
  ] as const) {
    const reply = await client.ask('GET', path);
    assert.is(reply.status, status);
    assert.match(
      String(reply.headers['content-security-policy']),
      /default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    assert.match(String(reply.headers['content-security-policy']), /frame-ancestors 'none'/);
    assert.is(reply.headers['x-content-type-options'], 'nosniff');
    assert.is(reply.headers['referrer-policy'], 'no-referrer');
    assert.is(reply.headers['access-control-allow-origin'], undefined);
  }
});

test('no path and no name leads anywhere: whole numbers alone reach the run', async () => {
  const paths = [
    '/../package.json',
    '/%2e%2e/package.json',
    '/api/runs/0/thumbs/..%2f..%2frun.json',
    '/api/runs/../runs/0/thumbs/0',
    '/api/runs/0/columns/vog',
    '/api/runs/-1',
    '/api/runs/0x0',
    '/api/runs/0/thumbs/0.png',
    '/api/runs/99999999999999999999',
    '//api/runs',
    '/api/runs/',
  ];
  for (const path of paths) assert.is((await client.ask('GET', path)).status, 404, path);
  for (const path of ['runs/7', 'runs/0/columns/99', 'runs/0/thumbs/1', 'runs/0/trajectories/6', 'runs/0/exports/99']) {
    const { status, body } = await client.ask('GET', `/api/${path}`);
    assert.is(status, 404, path);
    assert.match(told(body), /no (run|column|sheet|row|export)/);
  }
});

test('HEAD has no body, and other methods are told which there are', async () => {
  const head = await client.ask('HEAD', '/api/runs');
  assert.equal([head.status, head.body.length], [200, 0]);
  const put = await client.ask('PUT', '/api/reviews');
  assert.equal([put.status, put.headers['allow']], [405, 'POST']);
  assert.is((await client.ask('DELETE', '/')).status, 405);
});

test('a body that is not a JSON object, or too large, is refused, and the server goes on', async () => {
  const authorization = `Bearer ${client.token}`;
  const type = { authorization, 'content-type': 'application/json; charset=utf-8' };
  assert.is(
    (await client.ask('POST', '/api/reviews', { authorization, 'content-type': 'text/plain' }, '{}')).status,
    415,
  );
  for (const body of ['', '{', '[]', 'null', '['.repeat(5000)]) {
    assert.is((await client.ask('POST', '/api/reviews', type, body)).status, 400, body.slice(0, 9));
  }
  // The server may close before all has been sent: then there is no answer to read.
  const large = await client.ask('POST', '/api/reviews', type, `"${'x'.repeat(5 * 2 ** 20)}"`).catch(() => null);
  if (large !== null) assert.is(large.status, 413);
  assert.is((await client.ask('GET', '/api/runs')).status, 200);
  assert.equal(client.failures, []);
});

test('a port that is taken is refused by name', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const error = await served(null, { port }).catch((thrown: unknown) => thrown);
  other.close();
  assert.ok(error instanceof VogError && error.code === 'PORT_TAKEN', String(error));
  assert.match(error.message, new RegExp(`Port ${port} is taken.*a free one`));
});

test.run();
