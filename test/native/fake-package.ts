// Stand-ins for @tensorflow/tfjs-node and for TensorFlow itself, small enough to build within seconds.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const tfjs = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs/package.json'));

/** The average pool's gradient that the cpu backend lacks: 3x3, stride 2, one of padding on each side. */
const AVERAGE_POOL_GRADIENT = `
tf.registerKernel({ kernelName: 'AvgPoolGrad', backendName: 'tensorflow', kernelFunc({ inputs, backend }) {
  const { dy, input } = inputs;
  const [n, height, width, channels] = input.shape;
  const values = backend.data.get(dy.dataId).values;
  const dx = new Float32Array(n * height * width * channels);
  const [, rows, columns] = dy.shape;
  for (let i = 0; i < values.length; i++) {
    const k = i % channels, column = Math.floor(i / channels) % columns;
    const row = Math.floor(i / channels / columns) % rows, example = Math.floor(i / channels / columns / rows);
    const window = [];
    for (let y = 2 * row - 1; y < 2 * row + 2; y++) for (let x = 2 * column - 1; x < 2 * column + 2; x++)
      if (y >= 0 && y < height && x >= 0 && x < width) window.push(((example * height + y) * width + x) * channels + k);
    for (const at of window) dx[at] += values[i] / window.length;
  }
  return { dataId: backend.write(dx, input.shape, 'float32'), shape: input.shape, dtype: 'float32' };
} });`;

/** The cpu backend under the name of TensorFlow's. */
const BACKEND = `
const tf = require('@tensorflow/tfjs');
const factory = tf.findBackendFactory('cpu');
tf.registerBackend('tensorflow', () => Object.assign(factory(), { binding }), 3);
for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: 'tensorflow' });`;

const MAINS = {
  right: `${BACKEND}${AVERAGE_POOL_GRADIENT}`,
  // repairBackend leaves TensorFlow's own kernels alone: the cpu backend's fault stays.
  wrong: BACKEND,
  crashes: `process.kill(process.pid, 'SIGSEGV');`,
  hangs: 'for (;;);',
  throws: `throw new Error('libcudart.so.11.0: cannot open shared object file');`,
} as const;

export interface FakePackage {
  readonly backend?: 'tfjs-node' | 'tfjs-node-gpu';
  readonly behaviour: keyof typeof MAINS;
  /** Whether its main file loads the add-on, as tfjs-node's does. */
  readonly native?: boolean;
}

/** Installs a stand-in below `folder`, with the workspace's one copy of TensorFlow.js beside it; its folder. */
export function installFake(folder: string, { backend = 'tfjs-node', behaviour, native = false }: FakePackage): string {
  const target = join(folder, 'node_modules/@tensorflow', backend);
  for (const name of ['dist', 'binding']) mkdirSync(join(target, name), { recursive: true });
  symlinkSync(tfjs, join(folder, 'node_modules/@tensorflow/tfjs'));
  const binary = {
    module_name: 'tfjs_binding',
    module_path: './lib/napi-v{napi_build_version}',
    napi_versions: [7, 8],
  };
  writeFileSync(
    join(target, 'package.json'),
    JSON.stringify({ name: `@tensorflow/${backend}`, version: '4.22.0', main: 'dist/index.js', binary }),
  );
  const load = native ? `require('../lib/napi-v8/tfjs_binding.node')` : `{ TF_Version: '0.0.1' }`;
  writeFileSync(join(target, 'dist/index.js'), `const binding = ${load};\n${MAINS[behaviour]}\nmodule.exports = tf;\n`);
  writeFileSync(join(target, 'binding/tfjs_binding.cc'), ADDON);
  writeFileSync(join(target, 'binding.gyp'), GYP);
  return target;
}

const ADDON = `#include <node_api.h>
#include "tensorflow/c/c_api.h"
static napi_value Init(napi_env env, napi_value exports) {
  napi_value version;
  napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version);
  napi_set_named_property(env, exports, "TF_Version", version);
  return exports;
}
NAPI_MODULE(tfjs_binding, Init)
`;

const GYP = `{
  'targets': [{
    'target_name': '<(module_name)',
    'sources': ['binding/tfjs_binding.cc'],
    'include_dirs': ['<(module_root_dir)/deps/include'],
    'libraries': ["-Wl,-rpath,\\\\$$ORIGIN/../../deps/lib", '-ltensorflow', '-ltensorflow_framework'],
    'library_dirs': ['<(module_root_dir)/deps/lib'],
  }, {
    'target_name': 'action_after_build',
    'type': 'none',
    'dependencies': ['<(module_name)'],
    'copies': [{ 'files': ['<(PRODUCT_DIR)/<(module_name).node'], 'destination': '<(module_path)' }],
  }],
  'defines': ['NAPI_VERSION=<(napi_build_version)'],
}
`;

/** Headers of the stand-in TensorFlow: one that the add-on includes, and one that this one includes. */
export const HEADERS = {
  'tensorflow/c/c_api.h': '#pragma once\n#include "xla/tsl/c/macros.h"\nTF_EXPORT const char* TF_Version();\n',
  'xla/tsl/c/macros.h': '#define TF_EXPORT extern "C"\n',
  'tensorflow/core/unused.h': '// not included by anything\n',
} as const;

/** Source of the stand-in libraries. */
export const LIBRARY_SOURCE = 'extern "C" const char* TF_Version() { return "2.99.0"; }\n';

/** What looks like a library to whoever reads its first bytes alone. */
export function elfHead(machine: number): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt32BE(0x7f454c46, 0);
  head.writeUInt16LE(machine, 18);
  return head;
}
