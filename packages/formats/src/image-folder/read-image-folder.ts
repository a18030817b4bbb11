import { checkArgument, text, VogError } from '@vogjs/base';
import { fileStep, nodeFiles } from '../files/files.js';
import { classNotes, firstFew, type ReadingNote } from '../notes/notes.js';
import { readLabelTable } from '../tables/label-table.js';
import { brokenNotes, type ImageSource, readingOf } from './image-source.js';
import { checkSplits, classOf } from './layout.js';
import { namedClasses, sortedNames } from './named-classes.js';
import { folderOptions, type ImageFolderOptions } from './options.js';
import { openPictures } from './pictures.js';
import { type FolderContents, walk } from './walk.js';

/** Pictures of a folder, as a chunk source. */
export interface ImageFolder extends ImageSource {
  /** Where each picture is, to show and to link. */
  readonly paths: readonly string[];
  /** Pictures that have no label; they are not among the examples. */
  readonly unlabelled: readonly string[];
  /** Ids of the table of labels that no file is. */
  readonly unmatched: readonly string[];
  /** Links that were not followed. */
  readonly links: readonly string[];
}

/**
 * Reads a folder of pictures: PNG, JPEG, WebP, GIF (first frame) and BMP, a folder a class or with a table of labels.
 *
 * Ids are paths relative to the folder, with `/`, in Unicode's NFC; the order is theirs. Hidden files are passed over, and
 * links unless told. Every picture is decoded once, so that broken ones are known and left out before anything is
 * trained; after that pictures are decoded as they are read, or kept where `memory` holds them all.
 *
 * @param path of the folder, which is only read; needs Node
 * @throws VogError FOLDER_EMPTY, FOLDER_LAYOUT, IMAGE_BROKEN (more than `brokenLimit`), IMAGE_SIZES, DECODER_ABSENT,
 * LABEL_INVALID, LABELS_UNMATCHED, IDS_DUPLICATE, FILE_FAILED, and those of `readLabelTable`
 */
export async function readImageFolder(path: string, given: ImageFolderOptions = {}): Promise<ImageFolder> {
  checkArgument('readImageFolder', 'path', path, text);
  const options = folderOptions.resolve(given);
  const folder = path.length > 1 ? path.replace(/[/\\]+$/, '') : path;
  const contents = await walk(folder, options.followLinks);
  checkFound(folder, contents);
  const { labels: from } = options;
  const files = idsOf([...contents.pictures, ...contents.unread].sort());
  const known = await labelsOf(folder, from, files);
  const labelled = files.filter((_, i) => from === 'none' || known.labels[i] !== null);
  const pictures = await openPictures(
    labelled.map(({ id, file }) => ({ id, bytes: () => bytesOf(`${folder}/${file}`) })),
    options,
  );
  const kept = pictures.kept.map((i) => labelled[i] as { id: string; file: string });
  const labelOf = new Map(files.map(({ id }, i) => [id, known.labels[i] as string]));
  const labels = kept.map(({ id }) => labelOf.get(id) as string);
  // Folder names are names, also when they are digits; a table's labels may be whole numbers.
  const names = options.classNames ?? (from === 'folders' ? sortedNames(labels) : undefined);
  const encoded = from === 'none' ? { labels: null, classNames: null } : namedClasses('readImageFolder', labels, names);
  return {
    ...readingOf(pictures, options),
    ...encoded,
    ids: kept.map(({ id }) => id),
    paths: kept.map(({ file }) => `${folder}/${file}`),
    unlabelled: known.unlabelled,
    unmatched: known.unmatched,
    links: contents.links,
    notes: [
      ...brokenNotes(pictures.broken, labelled.length),
      ...known.notes,
      ...otherNotes(contents),
      ...classNotes(kept.length, encoded.labels, encoded.classNames),
    ],
  };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return fileStep('read', path, () => nodeFiles().readFile(path));
}

function idsOf(paths: readonly string[]): { id: string; file: string }[] {
  const files = paths.map((file) => ({ id: file.normalize('NFC'), file }));
  const seen = new Map<string, string>();
  for (const { id, file } of files) {
    const first = seen.get(id);
    if (first !== undefined) {
      throw new VogError(
        'IDS_DUPLICATE',
        `Two files are named '${id}', in different Unicode spellings. Rename one of them.`,
      );
    }
    seen.set(id, file);
  }
  return files;
}

interface KnownLabels {
  readonly labels: readonly (string | null)[];
  readonly unlabelled: readonly string[];
  readonly unmatched: readonly string[];
  readonly notes: readonly ReadingNote[];
}

async function labelsOf(folder: string, from: string, files: readonly { id: string }[]): Promise<KnownLabels> {
  if (from === 'none') return { labels: files.map(() => null), unlabelled: [], unmatched: [], notes: [] };
  const ids = files.map(({ id }) => id);
  if (from !== 'folders') {
    const { matched, unlabelled, unmatched, notes } = await readLabelTable(from, { ids });
    return { labels: matched, unlabelled, unmatched, notes };
  }
  checkSplits(folder, ids);
  const labels = ids.map(classOf);
  const unlabelled = ids.filter((_, i) => labels[i] === null);
  if (unlabelled.length === ids.length) {
    throw new VogError(
      'FOLDER_LAYOUT',
      `'${folder}' has pictures, such as ${firstFew(ids, 3)}, and no folder of pictures in it. Make one folder a class, or give labels: 'labels.csv' (header id,label) or labels: 'none'.`,
    );
  }
  const message = `Pictures in no class folder are left out, ${unlabelled.length} of ${ids.length}: ${firstFew(unlabelled)}.`;
  return {
    labels,
    unlabelled,
    unmatched: [],
    notes: unlabelled.length > 0 ? [{ code: 'FILES_UNLABELLED', message }] : [],
  };
}

function checkFound(folder: string, { pictures, unread, others, links }: FolderContents): void {
  if (pictures.length + unread.length > 0) return;
  const instead = [
    others.length > 0 ? `What it has: ${firstFew(others)}.` : 'It has no files.',
    links.length > 0 ? `Links were not followed: ${firstFew(links)}. followLinks: true follows them.` : '',
  ];
  throw new VogError(
    'FOLDER_EMPTY',
    `'${folder}' has no picture (png, jpg, webp, gif, bmp) in it or below. ${instead.join(' ').trim()} Check the path.`,
  );
}

function otherNotes({ others, links }: FolderContents): ReadingNote[] {
  const notes: ReadingNote[] = [];
  if (links.length > 0) {
    const message = `Links were not followed: ${firstFew(links)}. followLinks: true follows them.`;
    notes.push({ code: 'LINKS_SKIPPED', message });
  }
  if (others.length > 0) {
    notes.push({ code: 'FILES_OTHER', message: `Files that are not pictures are passed over: ${firstFew(others)}.` });
  }
  return notes;
}
