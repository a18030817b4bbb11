import { extname, join } from 'node:path';
import { VogError } from '@vogjs/base';
import type { Bucket, StoredFile } from '@vogjs/run';
import { isStored } from '../../stored.js';
import type { ResolvedConfig } from '../config/options.js';
import { isFileName, notThere, openAddress } from './address.js';
import { Copies, type HeldCopy, type Wanted } from './copies.js';
import type { WantedFile } from './download.js';
import type { NewsStream } from './fetch-news.js';
import { weightFilesOf } from './model-files.js';

/** Data of a run, on this machine. */
export interface Inputs {
  /** The options with paths in the place of addresses; checkpoints are fetched one by one. */
  readonly config: ResolvedConfig;
  /** A text with the addresses in the place of these paths. */
  readonly told: (text: string) => string;
  /** Lets the copies go: others may make room of them. */
  release(): Promise<void>;
}

/** Options that are paths, and may be addresses. */
const DATA = ['data', 'labels', 'logits', 'model', 'oodIn'] as const;
/** Options that are several of them. */
const LISTS = ['corrections', 'oodOut'] as const;

/**
 * Brings here what of a run's data is in stores.
 *
 * @param news where it is told how far a long fetch is
 * @throws VogError STORAGE_…, DISK_FULL; CONFIG_INVALID for code that is in a store
 */
export async function fetchInputs(config: ResolvedConfig, news: NewsStream | null): Promise<Inputs> {
  refuseOthers(config);
  const held: HeldCopy[] = [];
  const addresses = new Map<string, string>();
  const release = async (): Promise<void> => {
    for (const each of held) await each.release();
  };
  let copies: Copies | null = null;
  const here = async (address: string): Promise<string> => {
    if (!isStored(address)) return address;
    copies ??= await Copies.open(news);
    const { wanted, name } = await wantedAt(address);
    const copy = await copies.hold(wanted);
    held.push(copy);
    const path = join(copy.folder, name);
    addresses.set(path, address);
    return path;
  };
  const fetched: Record<string, unknown> = {};
  try {
    for (const name of DATA) {
      const given = config[name];
      if (given !== undefined) fetched[name] = await here(given);
    }
    for (const name of LISTS) {
      const given = config[name];
      if (given !== undefined) fetched[name] = await inTurn(given, here);
    }
  } catch (error) {
    await release();
    throw error;
  }
  const told = (text: string): string =>
    [...addresses].reduce((all, [path, address]) => all.replaceAll(path, address), text);
  return { config: { ...config, ...fetched }, told, release };
}

async function inTurn(addresses: readonly string[], here: (address: string) => Promise<string>): Promise<string[]> {
  const paths: string[] = [];
  for (const address of addresses) paths.push(await here(address));
  return paths;
}

/** Code is not run out of a store, and stores of other kinds are not read. */
function refuseOthers(config: ResolvedConfig): void {
  const { model, checkpoints, train, plugins = [] } = config;
  const modules = [train, ...plugins, ...(model !== undefined && /\.[cm]?[jt]s$/.test(model) ? [model] : [])];
  for (const path of modules) {
    if (path === undefined || !/^[a-z][\w+.-]+:\/\//i.test(path)) continue;
    throw new VogError(
      'CONFIG_INVALID',
      'A module is code, and is not run out of a store. Put it on this machine, and give its path.',
    );
  }
  const read = [...DATA.map((name) => config[name]), checkpoints, ...LISTS.flatMap((name) => config[name] ?? [])];
  for (const path of read) {
    const [, kind] = /^([a-z][\w+.-]+):\/\//i.exec(path ?? '') ?? [];
    if (kind === undefined || kind === 's3') continue;
    throw new VogError(
      'STORAGE_ADDRESS',
      `Data and checkpoints are read from paths and s3://bucket/key, not ${kind}://.`,
    );
  }
}

/** What is at an address: a file, a model.json with its weights, or all files of a folder. */
async function wantedAt(address: string): Promise<{ readonly wanted: Wanted; readonly name: string }> {
  const { bucket, key } = await openAddress(address);
  const name = key.replace(/\/+$/, '').split('/').at(-1) || bucket.place.slice('s3://'.length);
  const file = key === '' || key.endsWith('/') ? null : await bucket.find(key);
  if (file !== null) {
    if (!isFileName(name)) throw unfit(address, name);
    const beside = extname(key) === '.json' ? await weightsBeside(bucket, file, address) : [];
    return { wanted: { address, bucket, files: [{ name, file }, ...beside] }, name };
  }
  const prefix = key === '' ? '' : `${key.replace(/\/+$/, '')}/`;
  const listed = (await bucket.list(prefix)).files.filter((each) => !each.key.endsWith('/'));
  if (listed.length === 0) throw notThere(address, `is no file, and there are none in ${bucket.place}/${prefix}`);
  const files = listed.map((each) => ({ name: `${name}/${each.key.slice(prefix.length)}`, file: each }));
  const bad = files.find((each) => !isFileName(each.name));
  if (bad !== undefined) throw unfit(address, bad.file.key);
  return { wanted: { address, bucket, files }, name };
}

async function weightsBeside(bucket: Bucket, model: StoredFile, address: string): Promise<WantedFile[]> {
  const folder = model.key.slice(0, model.key.lastIndexOf('/') + 1);
  const files: WantedFile[] = [];
  for (const name of await weightFilesOf(bucket, model)) {
    // One that leads out of the folder is refused by the loader.
    if (!isFileName(name)) continue;
    const found = await bucket.find(folder + name);
    if (found === null) throw notThere(address, `names ${name}, which is not beside it`);
    files.push({ name, file: found });
  }
  return files;
}

function unfit(address: string, name: string): VogError {
  return new VogError(
    'STORAGE_ADDRESS',
    `${address} has a file whose name cannot be one here: '${name}'. Give it another, without empty parts or dots alone.`,
  );
}
