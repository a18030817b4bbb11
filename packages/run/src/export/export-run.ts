import { checkOptions, flag, oneOf, text, VogError } from '@vogjs/base';
import type { Run } from '../open/open-run.js';
import { correctionsOf, encodeCorrections } from '../reviews/corrections.js';
import { toArgilla } from './argilla.js';
import { toCoco } from './coco.js';
import { toCsv, toJsonLines, toParquet } from './flat.js';
import { type FileOptions, labelStudioConfig, toLabelStudio } from './label-studio.js';
import { classNameOf, type ExportRows, exportRows, requireLabels } from './rows.js';

export const EXPORT_FORMATS = [
  'csv',
  'jsonl',
  'parquet',
  'label-studio',
  'label-studio-config',
  'argilla',
  'coco',
  'corrections',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions extends FileOptions {
  readonly to: ExportFormat;
}

/**
 * A run in another program's form, as the bytes of a file. `csv`, `jsonl` and `parquet` hold everything, one row an
 * example. `label-studio` and `argilla` hold what is to be looked at, hardest first; `label-studio-config` is the
 * labelling configuration for it. `coco` and `corrections` hold the labels that people decided on.
 *
 * @throws VogError ARGUMENT_INVALID for an unknown format or option, and for a format about labels when there are none
 */
export async function exportRun(run: Run, options: ExportOptions): Promise<Uint8Array> {
  checkOptions('exportRun', options, { to: oneOf(...EXPORT_FORMATS), prefix: text, flaggedOnly: flag });
  const { to } = options;
  if (to === undefined) {
    throw new VogError('ARGUMENT_INVALID', `exportRun: to is missing; expected one of ${EXPORT_FORMATS.join(', ')}.`);
  }
  const rows = await exportRows(run);
  if (to === 'parquet') return toParquet(rows);
  const writers = {
    csv: () => toCsv(rows),
    jsonl: () => toJsonLines(rows),
    'label-studio': () => toLabelStudio(rows, options),
    'label-studio-config': () => `${labelStudioConfig(classesOf(rows))}\n`,
    argilla: () => toArgilla(rows, options),
    coco: () => toCoco(rows),
    corrections: async () =>
      encodeCorrections(correctionsOf(await run.reviews(), rows.ids, rows.labels, rows.classNames)),
  };
  return new TextEncoder().encode(await writers[to]());
}

/** Names of all classes. */
function classesOf(rows: ExportRows): string[] {
  const labels = requireLabels(rows, 'label-studio-config');
  const count = rows.classNames?.length ?? 1 + labels.reduce((most, label) => Math.max(most, label), -1);
  return Array.from({ length: count }, (_, index) => classNameOf(rows, index) as string);
}
