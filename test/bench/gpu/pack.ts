// Packs the GPU benchmark into one folder that runs on a bare x86-64 Linux machine: Node, Dawn, one bundle, images,
// golden values. At most 60 MiB.
// usage: node scripts/ts.mjs test/bench/gpu/pack.ts FOLDER GOLDEN    GOLDEN: the file that golden.ts wrote
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT = 60 * 2 ** 20;
const [folder, golden] = process.argv.slice(2);
if (folder === undefined || golden === undefined) throw new Error('usage: pack.ts FOLDER GOLDEN');
if (process.platform !== 'linux' || process.arch !== 'x64') {
  throw new Error(`the packed Node is this one: run on x86-64 Linux, not ${process.platform} ${process.arch}`);
}

const root = new URL('../../../', import.meta.url);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
// esbuild comes with tsx, Dawn with the webgpu package of core.
const fromRoot = createRequire(new URL('package.json', root));
const fromCore = createRequire(new URL('packages/core/package.json', root));
const esbuild = createRequire(fromRoot.resolve('tsx'))('esbuild') as {
  build(options: object): Promise<{ outputFiles: readonly { readonly contents: Uint8Array }[] }>;
};

const { outputFiles } = await esbuild.build({
  entryPoints: [here('main.ts')],
  bundle: true,
  write: false,
  minify: true,
  keepNames: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@vogjs/source'],
  tsconfig: fileURLToPath(new URL('tsconfig.base.json', root)),
  // Parts of tfjs are CommonJS and call require.
  banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
  logLevel: 'error',
});

mkdirSync(folder, { recursive: true });
const packed = (name: string, bytes: Uint8Array): void => {
  writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
};
packed('bench.mjs', outputFiles[0]!.contents);
packed('node', readFileSync(process.execPath));
packed('dawn.node', readFileSync(join(dirname(fromCore.resolve('webgpu')), 'dist/linux-x64/dawn.node')));
// The loader that finds the card's Vulkan driver: small, and missing on machines that only compute.
const loader = '/usr/lib/x86_64-linux-gnu/libvulkan.so.1';
if (existsSync(loader)) packed('libvulkan.so.1', readFileSync(loader));
else console.log('without libvulkan.so.1, which is not installed here: the other machine must have it');
copyFileSync(golden, join(folder, 'golden.safetensors'));
copyFileSync(here('run.sh'), join(folder, 'run.sh'));

const sizes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size] as const);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [name, size] of sizes) console.log(`${name.padEnd(20)} ${(size / 2 ** 20).toFixed(1).padStart(6)} MiB`);
console.log(`${'together'.padEnd(20)} ${(total / 2 ** 20).toFixed(1).padStart(6)} MiB, of at most ${LIMIT / 2 ** 20}`);
if (total > LIMIT) process.exitCode = 1;
