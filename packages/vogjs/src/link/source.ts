import { constants, createWriteStream, existsSync, statSync } from 'node:fs';
import { copyFile, link, open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { VogError } from '@vogjs/base';
import type { HeaderReader } from './headers.js';
import { unpackTar } from './tar.js';
import { openZip, type ZipEntry } from './zip.js';

/** One of the two libraries, wherever it lies. */
interface LibraryFile {
  /** The name that it must have beside the add-on: its soname. */
  readonly name: string;
  readonly size: number;
  /** Bytes that placing it takes on the file system of `folder`. */
  cost(folder: string): Promise<number>;
  /** Its first bytes. */
  head(length: number): Promise<Buffer>;
  place(path: string): Promise<void>;
}

/** A TensorFlow to link against: two libraries and the headers of its C interface. */
export interface TensorFlowSource {
  /** For messages: the path that was given. */
  readonly path: string;
  /** Where it tells; the libraries themselves say it after the link. */
  readonly version: string | null;
  readonly main: LibraryFile;
  readonly framework: LibraryFile;
  readonly header: HeaderReader;
  /** Folder with pip's CUDA libraries, which lie beside an installed TensorFlow; null when there is none. */
  readonly cuda: string | null;
  close(): Promise<void>;
}

/** Headers are text written by hand. */
const LARGEST_HEADER = 2 ** 24;
const MAIN = 'libtensorflow_cc.so.2';
const C_MAIN = 'libtensorflow.so.2';
const FRAMEWORK = 'libtensorflow_framework.so.2';

/**
 * Opens a wheel, an installed Python TensorFlow, or libtensorflow as a folder or .tar.gz.
 *
 * @param scratch folder that a .tar.gz is unpacked into; made when needed
 * @throws VogError TENSORFLOW_MISSING, TENSORFLOW_LIBRARIES_MISSING, PLATFORM_MISMATCH, FORMAT_*
 */
export async function openSource(given: string, scratch: string): Promise<TensorFlowSource> {
  const path = isAbsolute(given) ? given : resolve(given);
  const kind = await stat(path).catch(() => null);
  if (kind === null) throw new VogError('TENSORFLOW_MISSING', `There is no file or folder ${given}. Check the path.`);
  if (kind.isDirectory()) return openFolder(path, path);
  // A pipe or a device would be waited on for ever.
  if (!kind.isFile()) throw new VogError('FORMAT_UNSUPPORTED', `${given} is neither a file nor a folder.`);
  const magic = await firstBytes(path, 4);
  if (magic.toString('latin1', 0, 2) === 'PK') return openWheel(path);
  if (magic.readUInt16BE(0) === 0x1f8b) {
    await unpackTar(path, scratch);
    return openFolder(scratch, path);
  }
  throw new VogError(
    'FORMAT_UNSUPPORTED',
    `${given} is neither a wheel, nor a .tar.gz, nor a folder: give the path of a tensorflow wheel, of an installed Python tensorflow, or of libtensorflow.`,
  );
}

async function openWheel(path: string): Promise<TensorFlowSource> {
  const zip = await openZip(path);
  try {
    const names = [...zip.entries.keys()];
    if (!names.some((name) => name.startsWith('tensorflow/'))) {
      throw new VogError('TENSORFLOW_MISSING', `${path} is not a wheel of TensorFlow: it has no tensorflow folder.`);
    }
    const library = (name: string): LibraryFile | null => {
      const entry = zip.entries.get(`tensorflow/${name}`);
      return entry === undefined ? null : packedLibrary(name, entry);
    };
    const packedLibrary = (name: string, entry: ZipEntry): LibraryFile => ({
      name,
      size: entry.size,
      cost: () => Promise.resolve(entry.size),
      async head(length) {
        const stream = await zip.stream(entry);
        for await (const part of stream) return (part as Buffer).subarray(0, length);
        return Buffer.alloc(0);
      },
      place: async (target) => pipeline(await zip.stream(entry), createWriteStream(target, { flags: 'wx' })),
    });
    const metadata = names.find((name) => name.endsWith('.dist-info/METADATA') && name.split('/').length === 2);
    const text = metadata === undefined ? '' : (await zip.read(zip.entries.get(metadata)!)).toString('utf8');
    return {
      path,
      version: /^Version: (.+)$/m.exec(text)?.[1]?.trim() ?? null,
      ...requireLibraries(path, library(MAIN), library(FRAMEWORK), names),
      async header(name) {
        const entry = zip.entries.get(`tensorflow/include/${name}`);
        return entry === undefined ? null : zip.read(entry);
      },
      cuda: null,
      close: () => zip.close(),
    };
  } catch (error) {
    await zip.close();
    throw error;
  }
}

/** @param given what to call it in messages */
async function openFolder(folder: string, given: string): Promise<TensorFlowSource> {
  // site-packages, or a folder that holds it: the user means the tensorflow in it.
  if (!existsSync(join(folder, 'include')) && existsSync(join(folder, 'tensorflow', 'include'))) {
    return openFolder(join(folder, 'tensorflow'), given);
  }
  const lies = (...parts: string[]): string | null => {
    const path = join(folder, ...parts);
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
  };
  const main = lies(MAIN) ?? lies('lib', MAIN) ?? lies('lib', C_MAIN);
  const framework = lies(FRAMEWORK) ?? lies('lib', FRAMEWORK);
  const nvidia = join(dirname(folder), 'nvidia');
  return {
    path: given,
    version: /\.so\.(\d+\.\d+\.\d+)$/.exec(main === null ? '' : await realpath(main))?.[1] ?? null,
    ...requireLibraries(
      given,
      main === null ? null : await looseLibrary(main),
      framework === null ? null : await looseLibrary(framework),
      [...(await namesIn(folder)), ...(await namesIn(join(folder, 'lib')))],
    ),
    header: (name) => readHeader(join(folder, 'include', name)),
    cuda: main !== null && dirname(main) === folder && existsSync(nvidia) ? nvidia : null,
    close: () => Promise.resolve(),
  };
}

/** Names in a folder; none where there is none, or none that may be read. */
function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** A header; null for what is not there, or is no file: a pipe would be waited on for ever. */
async function readHeader(path: string): Promise<Buffer | null> {
  const kind = await stat(path).catch(() => null);
  if (kind === null || !kind.isFile() || kind.size > LARGEST_HEADER) return null;
  return readFile(path).catch(() => null);
}

async function looseLibrary(path: string): Promise<LibraryFile> {
  const file = await realpath(path);
  const { size, dev } = await stat(file);
  return {
    name: basename(path),
    size,
    cost: async (folder) => ((await stat(folder)).dev === dev ? 0 : size),
    head: (length) => firstBytes(file, length),
    async place(target) {
      // A hard link costs nothing, and neither side ever writes into the file.
      await link(file, target).catch(() =>
        copyFile(file, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL),
      );
    },
  };
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new VogError('TENSORFLOW_MISSING', `${path} cannot be read: look at its permissions.`, { cause });
  });
  try {
    const buffer = Buffer.alloc(length);
    await file.read(buffer, 0, length, 0);
    return buffer;
  } finally {
    await file.close();
  }
}

function isForeign(name: string): boolean {
  if (name.endsWith('.dylib')) return name.includes('libtensorflow');
  return ['.pyd', '.dll', '.lib'].some((ending) => name.endsWith(ending));
}

function requireLibraries(
  path: string,
  main: LibraryFile | null,
  framework: LibraryFile | null,
  names: readonly string[],
): { main: LibraryFile; framework: LibraryFile } {
  if (main !== null && framework !== null) return { main, framework };
  const foreign = names.find((name) => isForeign(name));
  if (foreign !== undefined) {
    const system = foreign.endsWith('.dylib') ? 'macOS' : 'Windows';
    throw new VogError('PLATFORM_MISMATCH', `${path} is a TensorFlow for ${system}: take one for Linux.`);
  }
  const missing = main === null ? MAIN : FRAMEWORK;
  const why =
    main === null && framework !== null
      ? 'it is too old, from before TensorFlow put it into its wheels; 2.21 is known to work'
      : 'is it an installed TensorFlow, or libtensorflow with its lib folder?';
  throw new VogError('TENSORFLOW_LIBRARIES_MISSING', `${path} lacks ${missing}: ${why}`);
}
