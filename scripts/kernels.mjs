// Compiles packages/backend/assembly, our own kernels for the WASM backend, by AssemblyScript into a module of the package.
// usage: node scripts/kernels.mjs [--check]     (--check: compiles, and fails where what is checked in is another)
// The text of a module, and not a .wasm file, because then no bundler has to be told of it and no page has to serve it.
import './installed.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = fileURLToPath(new URL('../packages/backend/src/kernels/wasm/simd/built.ts', import.meta.url));
/** The most that the built file may weigh, in bytes. */
const limit = 60_000;

const options = [
  '--runtime',
  'stub',
  '--importMemory',
  '--initialMemory',
  '1',
  '--noAssert',
  '-O3',
  '--enable',
  'simd',
];
// Addresses are numbers of 32 bits here: the warning is about memories of 64.
const quiet = ['--use', 'abort=', '--disableWarning', '201'];

/** @param {string[]} more @returns {Promise<string>} the module in base64 */
async function compile(...more) {
  /** @type {Uint8Array | undefined} */
  let binary;
  const command = ['packages/backend/assembly/index.ts', '--outFile', 'kernels.wasm', '--baseDir', root];
  const { error, stderr } = await main([...command, ...options, ...quiet, ...more], {
    writeFile: (_name, contents) => void (binary = /** @type {Uint8Array} */ (contents)),
  });
  if (error || !binary) throw new Error(`the kernels do not compile: ${error?.message ?? ''}\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

const plain = await compile();
const relaxed = await compile('--enable', 'relaxed-simd');
const text = `// Written by scripts/kernels.mjs from packages/backend/assembly, which \`pnpm check kernels\` compiles again and compares.
/** WebAssembly with SIMD, in base64. */
export const PLAIN = '${plain}';
/** The same with relaxed SIMD: a multiplication and an addition in one. */
export const RELAXED = '${relaxed}';
`;

if (text.length > limit) throw new Error(`${built} has ${text.length} bytes, at most ${limit}`);
if (process.argv.includes('--check')) {
  if (readFileSync(built, 'utf8') !== text) {
    console.error(`${built} is not what packages/backend/assembly compiles to: run \`node scripts/kernels.mjs\``);
    process.exitCode = 1;
  } else {
    console.log(`the kernels are what their sources compile to: ${text.length} bytes`);
  }
} else {
  writeFileSync(built, text);
  console.log(`${built}: ${text.length} bytes`);
}
