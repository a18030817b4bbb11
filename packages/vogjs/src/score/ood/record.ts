import { pathIn } from '../../stored.js';
import { collectResources, predictions, type ScorableModel } from '@vogjs/core';
import { fitDetectors, type OodScores, scoreOod } from '@vogjs/ood';
import type { RunWriter } from '@vogjs/run';
import { type DetectorScores, type OodSetToRecord, recordOod } from '@vogjs/run/record';
import type { Dataset } from '../data/dataset.js';
import type { OodFollower } from './ood-follower.js';
import type { Ood } from './prepare-ood.js';
import type { OodSet } from './sets.js';

/** Where the evaluation is, within the run. */
export function oodFolder(folder: string): string {
  return pathIn(folder, 'ood');
}

/** Scores the sets by the last checkpoint, and what was followed by all, and writes the run of it. */
export async function recordSets(
  { sets, detectors, fingerprint }: Ood,
  follower: OodFollower | null,
  model: ScorableModel,
  dataset: Dataset,
  { manifest }: RunWriter,
  folder: string,
): Promise<void> {
  const { inputs, labels, classNames } = dataset;
  const { last, trajectory, names } = detectors;
  const fitted = last.length === 0 ? null : await fitDetectors(model, { inputs, labels, classNames }, last);
  const followed = new Map<string, DetectorScores[]>();
  for (const { name } of trajectory) followed.set(name, (await follower?.scores(name)) ?? []);
  const hasPictures = sets.every(({ thumbs }) => thumbs !== undefined);
  const recorded: OodSetToRecord[] = [];
  for (const [at, set] of sets.entries()) {
    const own: Readonly<Record<string, OodScores>> =
      fitted === null ? {} : await scoreOod(model, { inputs: set.inputs }, fitted);
    const found = await collectResources(model, { inputs: set.inputs }, { predictions });
    recorded.push({
      name: set.name,
      ids: [...set.ids],
      scores: Object.fromEntries(
        names.map((name) => [name, (followed.get(name)?.[at] ?? own[name]) as DetectorScores]),
      ),
      predictions: Int32Array.from(found.predictions.data),
      ...(hasPictures ? { images: await picturesOf(set) } : {}),
    });
  }
  const [ins, ...outs] = recorded as [OodSetToRecord, ...OodSetToRecord[]];
  const { backend, machine, versions, model: made } = manifest;
  const { oodIn, oodOut } = manifest.config;
  await recordOod(
    oodFolder(folder),
    { in: ins, out: outs },
    {
      replace: true,
      classNames: dataset.classNames ?? null,
      data: { source: sets.map(({ source }) => source).join(', '), fingerprint, kind: dataset.kind },
      notes: sets.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
      // Of the sets alone: no correction of theirs makes another training.
      config: { oodIn, oodOut, detectors: names },
      model: made,
      backend,
      machine,
      versions,
    },
  );
}

async function picturesOf({ thumbs }: OodSet): Promise<NonNullable<OodSetToRecord['images']>> {
  const { count, height, width, channels, read } = thumbs as NonNullable<OodSet['thumbs']>;
  return { data: await read(0, count), shape: [count, height, width, channels], range: [0, 255] };
}
