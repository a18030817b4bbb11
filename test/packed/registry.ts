// A registry on this machine that has our packages as if they were published, so that every package manager can be told
// what the README tells people. For any other package it sends the client on to the registry that npm is set to.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { manifestOf } from './tarballs.js';

export interface Registry {
  url: string;
  /** What `.npmrc` says to have packages from here; pnpm, yarn 1, Bun and Deno read it too. */
  npmrc: string;
  close(): Promise<void>;
}

/** Some managers pass over what was published in the last days. */
const PUBLISHED = '2026-01-01T00:00:00.000Z';

/** @param tarballs the file of each package, by name */
export async function serveRegistry(tarballs: Record<string, string>): Promise<Registry> {
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '');
  let url = '';
  const describe = (name: string, path: string) => {
    const manifest = manifestOf(path);
    const { version } = manifest;
    const bytes = readFileSync(path);
    const dist = {
      tarball: `${url}/${name}/-/${version}.tgz`,
      shasum: createHash('sha1').update(bytes).digest('hex'),
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    };
    const time = { created: PUBLISHED, modified: PUBLISHED, [version]: PUBLISHED };
    return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } }, time };
  };
  const server = createServer(({ url: path = '/' }, response) => {
    const wanted = decodeURIComponent(path.slice(1));
    const tarball = tarballs[/^(.+)\/-\/[^/]+\.tgz$/.exec(wanted)?.[1] ?? ''];
    const packument = tarballs[wanted];
    if (tarball !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readFileSync(tarball));
    } else if (packument !== undefined) {
      const text = JSON.stringify(describe(wanted, packument));
      response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    } else {
      response.writeHead(302, { location: upstream + path }).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    npmrc: `${['registry', url].join('=')}/\n`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
