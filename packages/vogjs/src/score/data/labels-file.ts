import { readFile } from 'node:fs/promises';
import { VogError } from '@vogjs/base';
import { readNpy } from '@vogjs/formats';
import { fileStep } from '@vogjs/formats/files';
import Papa from 'papaparse';
import { parsedFile } from './parsed-file.js';

/** Labels as a file has them: a text an example, by id or in order. */
export interface LabelsFile {
  /** Null where the file has no ids: then its rows are the examples, in order. */
  readonly ids: readonly string[] | null;
  readonly labels: readonly string[];
}

/**
 * Reads labels: a CSV with the header `id,label` (`label` alone: in the examples' order), or an .npy file `[N]`.
 *
 * @throws VogError LABELS_UNREADABLE, IDS_DUPLICATE, FILE_FAILED
 */
export async function readLabelsFile(path: string): Promise<LabelsFile> {
  if (path.endsWith('.npy')) {
    const { data, shape } = await parsedFile(path, readNpy);
    if (shape.length !== 1) throw unreadable(path, `has the shape [${shape.join(', ')}], and labels are one row: [N]`);
    return { ids: null, labels: Array.from(data, String) };
  }
  const bytes = await fileStep('read', path, () => readFile(path));
  const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
  const { data, meta, errors } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: 'greedy' });
  const broken = errors.find(({ type }) => type !== 'Delimiter');
  if (broken !== undefined) throw unreadable(path, `cannot be read in row ${(broken.row ?? 0) + 2}: ${broken.message}`);
  if (meta.fields?.includes('label') !== true) {
    throw unreadable(path, `has the columns ${meta.fields?.join(', ') ?? 'none'}, and none is called label`);
  }
  if (data.length === 0) throw unreadable(path, 'has no rows');
  const empty = data.findIndex(({ label = '' }) => label.trim() === '');
  if (empty !== -1) throw unreadable(path, `has no label in row ${empty + 2}`);
  const labels = data.map(({ label = '' }) => label.trim());
  if (!meta.fields.includes('id')) return { ids: null, labels };
  const ids = data.map(({ id = '' }) => id);
  const seen = new Map<string, number>();
  for (const [row, id] of ids.entries()) {
    const first = seen.get(id);
    if (first !== undefined) {
      throw new VogError(
        'IDS_DUPLICATE',
        `${path}: rows ${first + 2} and ${row + 2} have the id '${id}'. Give each example one row.`,
      );
    }
    seen.set(id, row);
  }
  return { ids, labels };
}

function unreadable(path: string, why: string): VogError {
  return new VogError('LABELS_UNREADABLE', `${path} ${why}. Give a CSV with the header id,label, one row an example.`);
}
