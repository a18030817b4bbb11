import { fileStep, nodeFiles } from '../files/files.js';
import { READ_ENDINGS, UNREAD_ENDINGS } from '../image/kind.js';

/** What a folder holds, by paths relative to it, with `/`, sorted by their characters' codes. */
export interface FolderContents {
  /** Pictures, by their endings. */
  readonly pictures: readonly string[];
  /** Pictures of kinds that are not decoded. */
  readonly unread: readonly string[];
  /** Other files. */
  readonly others: readonly string[];
  /** Links that were not followed. */
  readonly links: readonly string[];
}

/** Folders and files that systems and tools leave behind. */
const LEFTOVERS = new Set(['__MACOSX', 'Thumbs.db', 'desktop.ini', '@eaDir', 'node_modules']);

/**
 * Lists a folder and all below it. Hidden ones and our own runs are passed over; links are followed only when told, and
 * never in circles.
 */
export async function walk(folder: string, followLinks: boolean): Promise<FolderContents> {
  const files = nodeFiles();
  const found = { pictures: [] as string[], unread: [] as string[], others: [] as string[], links: [] as string[] };
  const put = (path: string): void => {
    const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
    (READ_ENDINGS.has(ending) ? found.pictures : UNREAD_ENDINGS.has(ending) ? found.unread : found.others).push(path);
  };
  const visit = async (below: string, above: ReadonlySet<string>): Promise<void> => {
    const here = below === '' ? folder : `${folder}/${below}`;
    const inside = followLinks ? new Set(above).add(await fileStep('read', here, () => files.realpath(here))) : above;
    const entries = await fileStep('read', here, () => files.readdir(here, { withFileTypes: true }));
    // In its own folder a run may be what is asked for; below data it is what an earlier look at that data left.
    if (below !== '' && (await isRun(here, entries))) return;
    for (const entry of entries) {
      if (entry.name.startsWith('.') || LEFTOVERS.has(entry.name)) continue;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await visit(path, inside);
      else if (entry.isFile()) put(path);
      else if (entry.isSymbolicLink()) await link(path, inside);
      else found.others.push(path);
    }
  };
  const link = async (path: string, above: ReadonlySet<string>): Promise<void> => {
    const full = `${folder}/${path}`;
    const target = followLinks ? await files.stat(full).catch(() => null) : null;
    if (target?.isFile() === true) put(path);
    else if (target?.isDirectory() === true && !above.has(await files.realpath(full))) await visit(path, above);
    else found.links.push(path);
  };
  await visit('', new Set());
  for (const list of Object.values(found)) list.sort();
  return found;
}

/** Whether a folder is a run, as `vogjs score` writes it beside or into the data: its pictures are sheets of others. */
async function isRun(folder: string, entries: readonly { readonly name: string }[]): Promise<boolean> {
  if (!entries.some(({ name }) => name === 'run.json')) return false;
  const text = await nodeFiles()
    .readFile(`${folder}/run.json`, 'utf8')
    .catch(() => '');
  return /"format": *"vogjs-run"/.test(text);
}
