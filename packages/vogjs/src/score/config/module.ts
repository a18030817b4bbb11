import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { type ErrorCode, VogError } from '@vogjs/base';
import { defineRun } from './define-run.js';

/**
 * The default export of somebody's module, TypeScript or JavaScript, on every Node and without a build.
 *
 * It gets this program's TensorFlow.js, `defineRun` and engine, installed beside it or not: a second copy of TensorFlow.js
 * would have tensors and backends of its own.
 *
 * @throws VogError with `code` for a module that is not there or throws
 */
export async function loadModule(path: string, code: ErrorCode): Promise<unknown> {
  return load(path, code, true);
}

/** All that a module exports, loaded as `loadModule` does. */
export async function loadExports(path: string, code: ErrorCode): Promise<Record<string, unknown>> {
  return (await load(path, code, false)) as Record<string, unknown>;
}

async function load(path: string, code: ErrorCode, isDefault: boolean): Promise<unknown> {
  if (!existsSync(path)) throw new VogError(code, `There is no file ${path}. Check the path.`);
  const [{ createJiti }, base, options, core, plugin] = await Promise.all([
    import('jiti'),
    // Options are known by what made them: there must be one copy.
    import('@vogjs/base'),
    import('@vogjs/base/options'),
    import('@vogjs/core'),
    import('@vogjs/core/plugin'),
  ]);
  const jiti = createJiti(pathToFileURL(path).href, {
    // Nothing of somebody's folder is written, and what is edited is read anew.
    fsCache: false,
    moduleCache: false,
    virtualModules: {
      vogjs: { defineRun },
      '@tensorflow/tfjs': tf,
      '@vogjs/base': base,
      '@vogjs/base/options': options,
      '@vogjs/core': core,
      '@vogjs/core/plugin': plugin,
    },
  });
  try {
    return await (isDefault ? jiti.import(path, { default: true }) : jiti.import(path));
  } catch (error) {
    throw new VogError(code, `${path} cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
}
