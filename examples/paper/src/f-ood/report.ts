import type { OodScores } from '@vogjs/ood';
import { renderOodReport, type ReportOod, type ReportOodSide } from '@vogjs/report';
import { modelTitle } from './architecture.js';
import { rowsOfScores, type RunScores } from './detectors.js';
import { insideRows, outsideRows, type SetRows } from './evaluation.js';
import { methodTitle } from './tables.js';
import type { Run } from './run.js';

/** Those of the page: each takes curves and histograms of its own for every set. */
const SHOWN = ['msp', 'vog', 'vog-early', 'energy', 'mahalanobis', 'knn'];

/** A page of every set: some methods' curves and histograms, figures with intervals, the most confident mistakes. */
export function oodReport(run: Pick<Run, 'sets' | 'probe' | 'settings' | 'train'>, scores: RunScores): string {
  const inside = { title: run.sets.inside.title, rows: insideRows(run), isPart: false };
  const pages = outsideRows(run).map((set): ReportOod => {
    const pairs = SHOWN.map((method) => [
      methodTitle(method),
      pairOf(scores.methods[method] as OodScores, inside, set),
    ]);
    return {
      in: {
        ...sideOf(run, inside, scores),
        ...(run.sets.inside.labels === null ? {} : { labels: run.sets.inside.labels }),
      },
      out: sideOf(run, set, scores),
      detectors: Object.fromEntries(pairs) as ReportOod['detectors'],
      classNames: run.train.classNames,
    };
  });
  return renderOodReport({
    title: `${modelTitle(run.settings)} on CIFAR-10: out-of-distribution detection`,
    ood: pages,
  });
}

function pairOf(scores: OodScores, inside: SetRows, outside: SetRows): ReportOod['detectors'][string] {
  return { in: rowsOfScores(scores, inside.rows), out: rowsOfScores(scores, outside.rows) };
}

function sideOf(
  { sets, probe }: Pick<Run, 'sets' | 'probe'>,
  { title, rows }: SetRows,
  { predictions }: RunScores,
): ReportOodSide {
  const pixels = new Uint8Array(rows.length * 3072);
  for (const [i, row] of rows.entries()) {
    const set = [sets.inside, ...sets.outside].findLast(({ key }) => (probe.starts[key] as number) <= row);
    if (set === undefined) continue;
    const at = row - (probe.starts[set.key] as number);
    const image = set.pixels.subarray(at * 3072, (at + 1) * 3072);
    pixels.set(
      image instanceof Uint8Array ? image : Uint8Array.from(image, (value) => Math.round(255 * value)),
      i * 3072,
    );
  }
  return {
    name: title,
    images: { data: pixels, shape: [rows.length, 32, 32, 3] },
    predictions: Int32Array.from(rows, (row) => predictions[row] as number),
  };
}
