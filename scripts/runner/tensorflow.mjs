// TensorFlow.js as a module with its names written out. It is CommonJS, and Node looks for the names of its exports in all
// of it each time that a process imports it, which takes longer than to run it. Here they are written down once, and
// what a test gets are the same objects.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('../../.scratch/', import.meta.url));
const require = createRequire(new URL('../../packages/core/package.json', import.meta.url));

/**
 * Addresses of TensorFlow.js as it is installed and of the module in its place; null where it is not installed.
 *
 * @returns {{ original: string, named: string } | null}
 */
export function namedTensorflow() {
  let path = '';
  try {
    path = require.resolve('@tensorflow/tfjs');
  } catch {
    return null;
  }
  const { version } = require('@tensorflow/tfjs/package.json');
  const file = join(folder, `tensorflow-${version}.mjs`);
  const head = `import { createRequire } from 'node:module';\nconst tf = createRequire(import.meta.url)(${JSON.stringify(path)});\n`;
  if (!existsSync(file) || !readFileSync(file, 'utf8').startsWith(head)) {
    mkdirSync(folder, { recursive: true });
    // Several runs may write it at once; a name is there whole or not at all.
    const own = `${file}.${process.pid}`;
    const names = Object.keys(require(path)).filter((name) => name !== 'default');
    writeFileSync(own, `${head}export default tf;\nexport const { ${names.join(', ')} } = tf;\n`);
    renameSync(own, file);
  }
  return { original: pathToFileURL(path).href, named: pathToFileURL(file).href };
}
