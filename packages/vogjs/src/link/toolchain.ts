import { accessSync, constants, existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { shown, VogError } from '@vogjs/base';
import { isSafeForMake } from './build-folder.js';

/** What a native add-on is built with on this machine. */
export interface Toolchain {
  /** Main file of node-gyp. */
  readonly nodeGyp: string;
  /** Folder with `include/node`. */
  readonly nodeFolder: string;
  readonly compiler: string;
  readonly make: string;
  readonly python: string;
}

/** @throws VogError TOOLCHAIN_MISSING, with what is missing and how to get it */
export function findToolchain(environment: NodeJS.ProcessEnv = process.env): Toolchain {
  const compiler = environment['CXX'] ?? onPath(['g++', 'c++', 'clang++'], environment);
  const make = environment['MAKE'] ?? onPath(['make', 'gmake'], environment);
  const python =
    environment['npm_config_python'] ?? environment['PYTHON'] ?? onPath(['python3', 'python'], environment);
  const missing = [
    [compiler, 'a C++ compiler (g++ or clang++)'],
    [make, 'make'],
    [python, 'python3 (node-gyp runs on it)'],
  ].flatMap(([found, what]) => (found === null ? [what] : []));
  if (compiler === null || make === null || python === null) {
    throw new VogError(
      'TOOLCHAIN_MISSING',
      `The add-on is built from source, and this machine lacks ${missing.join(', ')}. On Debian or Ubuntu: apt-get install g++ make python3`,
    );
  }
  // make hands the compiler to a shell, options and all: spaces belong there, commands do not.
  if (/[$`;|&<>()#\r\n]/.test(compiler)) {
    throw new VogError('TOOLCHAIN_MISSING', `CXX is ${shown(compiler)}: it must be a compiler and its options alone.`);
  }
  return { compiler, make, python, nodeGyp: findNodeGyp(environment), nodeFolder: findNodeHeaders(environment) };
}

function onPath(names: readonly string[], environment: NodeJS.ProcessEnv): string | null {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.find((name) => folders.some((folder) => isExecutable(join(folder, name)))) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Node's headers come with Node; nothing is downloaded for those who removed them. */
function findNodeHeaders(environment: NodeJS.ProcessEnv): string {
  const asked = environment['npm_config_nodedir'];
  const installed = dirname(dirname(realpathSync(process.execPath)));
  const found = [asked, installed].find(
    (folder) => folder !== undefined && existsSync(join(folder, 'include', 'node', 'node_api.h')),
  );
  if (found !== undefined) return found;
  throw new VogError(
    'TOOLCHAIN_MISSING',
    `Node's own headers are not at ${join(asked ?? installed, 'include', 'node')}: install Node from nodejs.org's archive, or your system's package for them (Debian: libnode-dev), or set npm_config_nodedir to a folder that holds include/node.`,
  );
}

/** node-gyp of the project, else npm's own. */
function findNodeGyp(environment: NodeJS.ProcessEnv): string {
  const script = join('node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const npm = (environment['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'npm'))
    .find((path) => existsSync(path));
  const besideNode = join(dirname(dirname(realpathSync(process.execPath))), 'lib', 'node_modules', 'npm');
  const folders = [besideNode, ...(npm === undefined ? [] : [dirname(dirname(realpathSync(npm)))])];
  const present = [
    environment['npm_config_node_gyp'],
    ...(createRequire(join(process.cwd(), 'noop.js')).resolve.paths('node-gyp') ?? []).map((folder) =>
      join(dirname(folder), script),
    ),
    ...folders.map((folder) => join(folder, script)),
    ...npmOfVersionManagers(environment).map((folder) => join(folder, script)),
  ].filter((path): path is string => path !== undefined && existsSync(path));
  // gyp writes the path of its own files into the makefile.
  const found = present.find((path) => isSafeForMake(realpathSync(path)));
  if (found !== undefined) return found;
  if (present[0] !== undefined) {
    throw new VogError(
      'TOOLCHAIN_MISSING',
      `node-gyp lies in ${shown(present[0], 300)}, and make takes no folder with a space, a quote, # or $ in its name: set npm_config_node_gyp to the node-gyp.js of a copy elsewhere.`,
    );
  }
  throw new VogError(
    'TOOLCHAIN_MISSING',
    'There is no node-gyp here: it comes with npm. Install npm, or node-gyp in this project, or set npm_config_node_gyp to its node-gyp.js.',
  );
}

/** Version managers put a script in PATH in place of npm; npm lies beside the node that they would start. */
function npmOfVersionManagers(environment: NodeJS.ProcessEnv): string[] {
  const versions = join(environment['NVM_DIR'] ?? '', 'versions', 'node');
  if (environment['NVM_DIR'] === undefined || !existsSync(versions)) return [];
  return readdirSync(versions).map((version) => join(versions, version, 'lib', 'node_modules', 'npm'));
}
