import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import type { Bucket, StoredFile } from '@vogjs/run';
import { namedContent } from '../data/content.js';
import { isFileName, openAddress } from '../fetched/address.js';
import { Copies } from '../fetched/copies.js';
import type { NewsStream } from '../fetched/fetch-news.js';
import type { WantedFile } from '../fetched/download.js';
import { folderOfPattern, matchKeys } from '../fetched/glob.js';
import { weightFilesOf } from '../fetched/model-files.js';
import { checkpointsAmong, sourceOfCheckpoint } from './find-checkpoints.js';
import type { CheckpointPlace, FoundCheckpoint } from './found.js';
import { invalid } from './model-loader.js';
import { holdsWeights } from './weights-file.js';

/** Seconds between two lists of a bucket: each is paid for. */
const LOOK = 5;
const LONGEST_LOOK = 60;

/** What is known of checkpoints in one version, however often they are listed. */
interface Known {
  readonly contents: Map<string, [name: string, hash: string]>;
  readonly weights: Map<string, Promise<string[]>>;
}

/**
 * Checkpoints in a store: each is fetched when it is needed, and may make room when it is not.
 *
 * @throws VogError STORAGE_ADDRESS, CONFIG_INVALID, FILE_FAILED
 */
export async function storedPlace(pattern: string, news: NewsStream | null): Promise<CheckpointPlace> {
  const { bucket, key } = await openAddress(pattern);
  const copies = await Copies.open(news);
  const known: Known = { contents: new Map(), weights: new Map() };
  return {
    isAtomic: true,
    looks: [LOOK * 1000, LONGEST_LOOK * 1000],
    async find() {
      const listed = await bucket.list(folderOfPattern(key));
      const files = new Map(listed.files.filter((file) => isFileName(file.key)).map((file) => [file.key, file]));
      const matched = matchKeys(key, [...files.keys()]);
      const { paths, others } = checkpointsAmong(matched, (path) => files.has(`${path}/model.json`));
      return {
        found: paths.map((path) => new StoredCheckpoint(path, files, bucket, copies, known)),
        others,
        isBusy: listed.isBusy,
      };
    },
  };
}

class StoredCheckpoint implements FoundCheckpoint {
  readonly path: string;
  readonly source: string;

  constructor(
    private readonly key: string,
    private readonly listed: ReadonlyMap<string, StoredFile>,
    private readonly bucket: Bucket,
    private readonly copies: Copies,
    private readonly known: Known,
  ) {
    this.path = `${bucket.place}/${key}`;
    this.source = sourceOfCheckpoint(this.path);
  }

  async stamps(): Promise<string[]> {
    return (await this.files()).map(({ file: { size, version, changed } }) => `${size} ${version || changed}`);
  }

  async lacking(): Promise<string | null> {
    const { folder, model } = this;
    if (model === undefined) return null;
    const names = await this.weights(model);
    return names.find((name) => isFileName(name) && !this.listed.has(folder + name)) ?? null;
  }

  async content(): Promise<[name: string, hash: string]> {
    return this.known.contents.get(await this.version()) ?? this.use(namedContent);
  }

  async use<T>(use: (path: string) => Promise<T>): Promise<T> {
    const lacking = await this.lacking();
    if (lacking !== null) throw invalid(`${this.path} lacks ${lacking}: it is not whole. Copy all of its files there`);
    const copy = await this.copies.hold({ address: this.path, bucket: this.bucket, files: await this.files() });
    const path = join(copy.folder, this.key.slice(this.key.lastIndexOf('/') + 1));
    try {
      const version = await this.version();
      // While it is here: later it may have made room, and would be fetched once more.
      if (!this.known.contents.has(version)) this.known.contents.set(version, await namedContent(path));
      return await use(path);
    } catch (error) {
      if (!(error instanceof VogError)) throw error;
      throw new VogError(error.code, error.message.replaceAll(path, this.path), { cause: error });
    } finally {
      await copy.release();
    }
  }

  private async version(): Promise<string> {
    return JSON.stringify([this.key, ...(await this.stamps())]);
  }

  /** The model.json, where it is one or has one; undefined for weights by name. */
  private get model(): StoredFile | undefined {
    if (holdsWeights(this.key)) return undefined;
    return this.listed.get(this.key) ?? this.listed.get(`${this.key}/model.json`);
  }

  /** Of the files beside the model.json, with a `/` at its end. */
  private get folder(): string {
    const key = this.model?.key ?? this.key;
    return key.slice(0, key.lastIndexOf('/') + 1);
  }

  private weights(model: StoredFile): Promise<string[]> {
    const version = JSON.stringify([model.key, model.version, model.changed]);
    const { weights } = this.known;
    const names = weights.get(version) ?? weightFilesOf(this.bucket, model);
    weights.set(version, names);
    return names.catch((error: unknown) => {
      weights.delete(version);
      throw error;
    });
  }

  /** What is to be fetched, by the names that it has beside each other. */
  private async files(): Promise<WantedFile[]> {
    const { key, listed, model, folder } = this;
    const name = key.slice(key.lastIndexOf('/') + 1);
    const itself = listed.get(key);
    if (itself === undefined) {
      const inside = [...listed.values()].filter((file) => file.key.startsWith(`${key}/`));
      return inside.map((file) => ({ name: name + file.key.slice(key.length), file }));
    }
    const beside = model === undefined ? [] : await this.weights(model);
    return [
      { name, file: itself },
      ...beside.flatMap((each) => {
        const file = isFileName(each) ? listed.get(folder + each) : undefined;
        return file === undefined ? [] : [{ name: each, file }];
      }),
    ];
  }
}
