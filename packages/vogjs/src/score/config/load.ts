import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isRecord, parseJson, VogError } from '@vogjs/base';
import { loadModule } from './module.js';
import { isStored } from '../../stored.js';
import { SCORE_OPTIONS, type ResolvedConfig, type ScoreConfig } from './options.js';

const NAMES = ['ts', 'mts', 'js', 'mjs', 'json'].map((ending) => `vogjs.config.${ending}`);
/** Options that are paths: in a file they are relative to the file's folder. */
const PATHS = [
  'data',
  'labels',
  'corrections',
  'logits',
  'model',
  'checkpoints',
  'train',
  'oodIn',
  'oodOut',
  'out',
] as const;

/**
 * The options of a run: those that were typed, over those of the configuration file.
 *
 * @param file path of the file; without it `vogjs.config.*` of `folder`, if there is one
 * @throws VogError CONFIG_INVALID, FILE_FAILED
 */
export async function resolveConfig(
  typed: Readonly<Record<string, unknown>>,
  file: string | undefined,
  folder: string,
): Promise<ResolvedConfig> {
  const path =
    file === undefined
      ? NAMES.map((name) => join(folder, name)).find((each) => existsSync(each))
      : resolve(folder, file);
  const fromFile = path === undefined ? {} : await readConfig(path);
  return SCORE_OPTIONS.resolve({ ...fromFile, ...typed });
}

async function readConfig(path: string): Promise<ScoreConfig> {
  const given = path.endsWith('.json') ? await readJson(path) : await loadModule(path, 'CONFIG_INVALID');
  if (!isRecord(given)) {
    throw new VogError(
      'CONFIG_INVALID',
      `${path} gives no options. Write: export default defineRun({ logits: 'outputs/', labels: 'labels.csv' }).`,
    );
  }
  try {
    SCORE_OPTIONS.resolve(given);
  } catch (error) {
    throw new VogError('CONFIG_INVALID', `${path}: ${(error as Error).message}`, { cause: error });
  }
  const config: Record<string, unknown> = { ...given };
  for (const name of PATHS) {
    const value = config[name];
    const beside = (each: unknown): unknown =>
      typeof each === 'string' && !isAbsolute(each) && !isStored(each) ? join(dirname(path), each) : each;
    if (value !== undefined) config[name] = Array.isArray(value) ? value.map(beside) : beside(value);
  }
  return config as ScoreConfig;
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new VogError('CONFIG_INVALID', `${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  try {
    return parseJson(text);
  } catch (error) {
    throw new VogError('CONFIG_INVALID', `${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
