// A site of one page on the loopback: a script of page/ bundled from the packages' sources, and the WASM binaries.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const wasmFolder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html; charset=utf-8',
};
const PAGE =
  '<!doctype html><html lang="en"><title>VoG.js</title><script type="module" src="/page.js"></script></html>';

export interface Site {
  /** Address of the page, with a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'page', entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@vogjs/source'],
    sourcemap: 'inline',
    tsconfig: join(here, '../../tsconfig.base.json'),
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

/** Serves `page/ENTRY`. A request for anything else is a 404, which the page's scripts would run into. */
export async function serve(entry: string): Promise<Site> {
  const script = await bundled(entry);
  const contentOf = (path: string): string | Promise<Buffer> => {
    if (path === '/') return PAGE;
    if (path === '/page.js') return script;
    if (/^\/[\w-]+\.wasm$/.test(path)) return readFile(join(wasmFolder, path));
    throw new Error(`no ${path}`);
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    void (async () => {
      try {
        const content = await contentOf(path);
        response.writeHead(200, { 'content-type': TYPES[extname(path) || '.html'] }).end(content);
      } catch {
        response.writeHead(404).end();
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
