// Unpacks what is wanted of a .tar.gz, as libtensorflow comes: ustar with GNU long names and pax paths.
import { createWriteStream } from 'node:fs';
import { mkdir, statfs, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { VogError } from '@vogjs/base';
import { safeName } from './archive-names.js';
import { gunzipReader, type ByteReader } from './gunzip-reader.js';
import { BLOCK, isZero, LONG_LINK, LONG_NAME, PAX, readHeader, readPax, textOf, type TarHeader } from './tar-header.js';

/** The longest GNU long name or pax header: paths end at 4,096 bytes on Linux. */
const LONGEST_TEXT = 2 ** 16;
/** libtensorflow has some hundred files. */
const MOST_FILES = 4096;
/** Bytes of a file that is held in memory until the archive is gone through, and of all of them. */
const SMALL = 2 ** 20;
const MOST_HELD = 2 ** 24;
const DIRECTORY = '5';
const FILES = ['0', '\0', '7'];
const SYMBOLIC_LINK = '2';

/**
 * Unpacks files and symbolic links below `include/` and `lib/` into `target`.
 *
 * Nothing is ever written through a link. Files come first, each at a name of its own. A link is only made where it
 * leads, maybe over others beside it, to a file of the archive in the same folder. What leads elsewhere is refused.
 *
 * @throws VogError FORMAT_INVALID, FORMAT_TRUNCATED, FORMAT_UNSUPPORTED (hard links and devices), DISK_FULL
 */
export async function unpackTar(path: string, target: string): Promise<void> {
  const bytes = await gunzipReader(path);
  const contents = newContents(path);
  // Some hundred headers: written once the archive is known to be whole, so that a bad one leaves little behind.
  const small = new Map<string, Buffer>();
  let held = 0;
  try {
    for await (const { header, name, link } of entriesOf(bytes, path)) {
      if (!/^(?:include|lib)\//.test(name) || header.type === DIRECTORY || header.name.endsWith('/')) {
        await bytes.skip(header.padded);
      } else if (header.type === SYMBOLIC_LINK) {
        contents.addLink(name, link);
        await bytes.skip(header.padded);
      } else if (FILES.includes(header.type)) {
        contents.addFile(name);
        if (header.size <= SMALL && held + header.size <= MOST_HELD) {
          held += header.size;
          small.set(name, Buffer.from((await bytes.need(header.padded)).subarray(0, header.size)));
        } else await writeLarge(bytes, header, join(target, name), path);
      } else {
        throw new VogError(
          'FORMAT_UNSUPPORTED',
          `${name} in ${path} is a ${header.type === '1' ? 'hard link' : `special file (type ${JSON.stringify(header.type)})`}, which is not unpacked. Unpack the archive with tar and give the folder.`,
        );
      }
    }
    await bytes.finish();
  } finally {
    bytes.close();
  }
  const links = contents.checkedLinks();
  for (const [name, content] of small) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await writeFile(join(target, name), content, { flag: 'wx' });
  }
  for (const [name, to] of links) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await symlink(to, join(target, name));
  }
}

/** The archive's entries with the names that long names and pax headers give them; their content is still to be read. */
async function* entriesOf(
  bytes: ByteReader,
  path: string,
): AsyncGenerator<{ readonly header: TarHeader; readonly name: string; readonly link: string }> {
  let longName: string | undefined;
  let longLink: string | undefined;
  for (;;) {
    const block = await bytes.take(BLOCK);
    if (block === null || isZero(block)) return;
    const header = readHeader(block, path);
    if (header.type === 'g') {
      await bytes.skip(header.padded);
    } else if (header.type === LONG_NAME || header.type === LONG_LINK || header.type === PAX) {
      if (header.size > LONGEST_TEXT) throw invalid(path, `a name of ${header.size} bytes`);
      const text = (await bytes.need(header.padded)).subarray(0, header.size);
      if (header.type === LONG_NAME) longName = textOf(text);
      else if (header.type === LONG_LINK) longLink = textOf(text);
      else {
        const said = readPax(text, path);
        longName = said.get('path') ?? longName;
        longLink = said.get('linkpath') ?? longLink;
      }
    } else {
      const name = longName ?? header.name;
      const link = longLink ?? header.link;
      [longName, longLink] = [undefined, undefined];
      yield { header: { ...header, name }, name: safeName(name, path), link };
    }
  }
}

async function writeLarge(bytes: ByteReader, header: TarHeader, to: string, path: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const { bavail, bsize } = await statfs(dirname(to));
  if (header.size > bytes.most) throw invalid(path, `${header.name} claims ${header.size} bytes`);
  if (header.size > bavail * bsize) {
    throw new VogError(
      'DISK_FULL',
      `${path} claims ${header.size} bytes for ${header.name}; ${bavail * bsize} are free.`,
    );
  }
  await pipeline(Readable.from(bytes.parts(header.size)), createWriteStream(to, { flags: 'wx' }));
  await bytes.skip(header.padded - header.size);
}

interface Contents {
  addFile(name: string): void;
  addLink(name: string, to: string): void;
  /** The links, once every one of them is known to lead to a file. */
  checkedLinks(): ReadonlyMap<string, string>;
}

/** What an archive holds: every name once, and none the folder of another. */
function newContents(path: string): Contents {
  const files = new Set<string>();
  const folders = new Set<string>();
  const links = new Map<string, string>();
  const add = (name: string): void => {
    if (files.size + links.size === MOST_FILES) throw invalid(path, `it has more than ${MOST_FILES} files`);
    if (files.has(name) || links.has(name)) throw invalid(path, `it has two entries named ${name}`);
    if (folders.has(name)) throw invalid(path, `${name} is a file and a folder`);
    for (let folder = dirname(name); folder !== '.' && !folders.has(folder); folder = dirname(folder)) {
      if (files.has(folder) || links.has(folder)) throw invalid(path, `${folder} is a folder and not one`);
      folders.add(folder);
    }
  };
  const leadsToFile = (name: string): boolean => {
    const seen = new Set<string>();
    let at: string | undefined = name;
    while (at !== undefined && links.has(at) && !seen.has(at)) {
      seen.add(at);
      at = join(dirname(at), links.get(at)!);
    }
    return at !== undefined && files.has(at);
  };
  return {
    addFile(name) {
      add(name);
      files.add(name);
    },
    addLink(name, to) {
      // One name and no path: a link that stays beside its file cannot lead anywhere.
      if (to === '' || to === '.' || to === '..' || to.includes('/') || to.includes('\\')) {
        throw invalid(path, `${name} links to ${JSON.stringify(to.slice(0, 100))}`);
      }
      add(name);
      links.set(name, to);
    },
    checkedLinks() {
      for (const [name, to] of links) {
        if (!leadsToFile(name)) throw invalid(path, `${name} links to ${to}, which is not a file of the archive`);
      }
      return links;
    },
  };
}

function invalid(path: string, why: string): VogError {
  return new VogError('FORMAT_INVALID', `${path} cannot be unpacked (${why}): download it again.`);
}
