import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { VogError } from '@vogjs/base';
import { addFunctions } from './functions.js';
import { makeBuildFolder, type BuildFolder } from './build-folder.js';
import type { NativePackage } from './package.js';
import type { TensorFlowSource } from './source.js';
import type { Toolchain } from './toolchain.js';

/** The version in the names that tfjs-node 4 asks for, whatever the library's own is. */
const ASKED_VERSION = '2.9.1';

/**
 * Lays libraries and headers out as tfjs-node's own install would: `deps/lib` and `deps/include` below `staging`.
 *
 * The libraries' search path for CUDA is `../nvidia/...` from where they lie, so pip's CUDA folder is linked there.
 */
export async function stageLibraries(
  source: TensorFlowSource,
  headers: ReadonlyMap<string, Buffer>,
  staging: string,
): Promise<void> {
  const lib = join(staging, 'deps', 'lib');
  await mkdir(lib, { recursive: true });
  for (const [library, stem] of [
    [source.main, 'libtensorflow'],
    [source.framework, 'libtensorflow_framework'],
  ] as const) {
    await library.place(join(lib, library.name));
    for (const name of [`${stem}.so`, `${stem}.so.2`, `${stem}.so.${ASKED_VERSION}`]) {
      if (name !== library.name) await symlink(library.name, join(lib, name));
    }
  }
  const include = join(staging, 'deps', 'include');
  for (const [path, content] of headers) {
    const target = join(include, path);
    // collectHeaders gives no such path; whoever else does must not write where it likes.
    if (relative(include, target).startsWith('..'))
      throw new VogError('FORMAT_INVALID', `${path} leads out of include/.`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  if (source.cuda !== null) await symlink(source.cuda, join(staging, 'deps', 'nvidia'));
}

/**
 * Builds the add-on into `staging`, from the package's own sources and by node-gyp with the variables that
 * node-pre-gyp gives it. The package is not touched, and its path is in no makefile: the build has a folder of its own.
 *
 * @returns whether functions were added to it
 * @throws VogError BUILD_FAILED with the end of the compiler's output
 */
export async function buildAddon(target: NativePackage, tools: Toolchain, staging: string): Promise<boolean> {
  const folder = await makeBuildFolder(staging, tools.nodeFolder);
  try {
    await cp(join(target.folder, 'binding'), join(folder.path, 'binding'), { recursive: true });
    const hasFunctions = await addFunctions(join(folder.path, 'binding'));
    await cp(join(target.folder, 'binding.gyp'), join(folder.path, 'binding.gyp'));
    // gyp wants a manifest in the folder that it builds.
    const manifest = JSON.stringify({ name: 'tfjs-binding', version: target.version });
    await writeFile(join(folder.path, 'package.json'), manifest);
    const built = await runNodeGyp(target, tools, folder);
    await mkdir(join(staging, target.addonFolder), { recursive: true });
    await copyFile(built, join(staging, target.addonFolder, 'tfjs_binding.node'));
    return hasFunctions;
  } finally {
    await folder.remove();
  }
}

/** Path of what was built. */
async function runNodeGyp(target: NativePackage, tools: Toolchain, folder: BuildFolder): Promise<string> {
  const modulePath = join(folder.path, 'built');
  const module = join(modulePath, 'tfjs_binding.node');
  const definitions = {
    module,
    module_name: 'tfjs_binding',
    module_path: modulePath,
    napi_version: process.versions.napi,
    napi_build_version: String(target.nodeApi),
    node_napi_label: `napi-v${target.nodeApi}`,
  };
  const { code, output } = await run(
    process.execPath,
    [
      tools.nodeGyp,
      'rebuild',
      `--nodedir=${folder.nodeFolder}`,
      `--python=${tools.python}`,
      `--jobs=${availableParallelism()}`,
      ...Object.entries(definitions).map(([key, value]) => `--${key}=${value}`),
    ],
    folder.path,
    { CXX: tools.compiler, MAKE: tools.make },
  );
  if (code === 0 && existsSync(module)) return module;
  const lines = output.trim().split('\n');
  const errors = lines.filter((line) => /error|cannot find|undefined reference/i.test(line));
  throw new VogError(
    'BUILD_FAILED',
    `The add-on does not build against ${ASKED_VERSION === target.version ? '' : 'this '}TensorFlow:\n${(errors.length > 0 ? errors : lines).slice(0, 12).join('\n')}`,
  );
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  extra: NodeJS.ProcessEnv,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    // Options meant for this process (a loader, conditions) are none of node-gyp's.
    const { NODE_OPTIONS: _options, ...environment } = process.env;
    const child = spawn(command, args, { cwd, env: { ...environment, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-100_000)));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
