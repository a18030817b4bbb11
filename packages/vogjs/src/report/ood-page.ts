import { type ReportOod, type ReportOodSide, type ReportPictures, type RunFact, renderOodReport } from '@vogjs/report';
import type { OodSet, Run } from '@vogjs/run';
import { withPictures } from './pictures.js';

/**
 * The page of an out-of-distribution evaluation, as HTML: each set against the in-distribution one.
 *
 * @param facts of the run, for the end of the page
 */
export async function oodPageOf(run: Run, facts: readonly RunFact[]): Promise<string> {
  const [table, { sets, detectors }] = [await run.scores(), await run.ood()];
  const [ids, labels, predicted] = await Promise.all([table.ids(), table.labels(), table.predicted()]);
  const columns = await Promise.all(
    table.columns
      .filter(({ name }) => detectors.includes(name))
      .map(async ({ name, metric, hardDirection }) => {
        return { name, metric, hardDirection, values: await table.values(name) };
      }),
  );
  const { classNames } = run.manifest;
  const sideOf = ({ name, start, end }: OodSet, images: ReportPictures | undefined): ReportOodSide => ({
    name,
    ids: ids.slice(start, end),
    predictions: classesOf(predicted, start, end),
    labels: classesOf(labels, start, end),
    images: images && picturesOf(images, start, end),
  });
  const [inside, ...others] = sets as [OodSet, ...OodSet[]];
  const against = (other: OodSet, images: ReportPictures | undefined): ReportOod => ({
    in: sideOf(inside, images),
    out: sideOf(other, images),
    detectors: Object.fromEntries(
      columns.map(({ name, metric, hardDirection, values }) => {
        const scores = ({ start, end }: OodSet) => {
          return { values: values.subarray(start, end), oodDirection: hardDirection, detector: metric };
        };
        return [name, { in: scores(inside), out: scores(other) }];
      }),
    ),
    ...(classNames === null ? {} : { classNames }),
  });
  return withPictures(run, (images) =>
    renderOodReport({
      title: `${inside.name}: out-of-distribution detection`,
      facts,
      ood: others.map((other) => against(other, images)),
    }),
  );
}

/** Classes of a set; undefined where there is none, or not of all. */
function classesOf(all: Int32Array | null, start: number, end: number): Int32Array | undefined {
  const own = all?.subarray(start, end);
  return own?.every((label) => label >= 0) === true ? own : undefined;
}

function picturesOf({ read, shape }: ReportPictures, start: number, end: number): ReportPictures {
  return { read: (example) => read(start + example), shape: [end - start, shape[1], shape[2], shape[3]] };
}
