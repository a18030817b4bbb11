// Planted copies: which tool puts each beside its original, and what else it calls a duplicate.
import { findDuplicates, measureImage } from '@vogjs/issues';
import type { CaseData } from './cases.js';
import type { PeerAnswer, PeerImage } from './peer.js';
import { COPIES } from './planted.js';
import type { TrainedOutputs } from './training.js';

export interface CopyRow {
  readonly name: string;
  /** Share of the copies of each kind that are in one set with their original. */
  readonly recall: Readonly<Record<string, number>>;
  /** Examples in sets that no planted copy or original is in. */
  readonly others: number;
  readonly seconds: number;
}

export function compareCopies(
  data: CaseData,
  outputs: TrainedOutputs,
  images: readonly PeerImage[],
  peer: PeerAnswer,
): CopyRow[] {
  const features = { data: outputs.features, shape: [data.labels.length, outputs.width] };
  const rowOf = (name: string, sets: readonly (readonly number[])[], seconds: number): CopyRow => {
    const setsOf = new Map<number, Set<number>>();
    for (const [set, members] of sets.entries()) {
      for (const i of members) setsOf.set(i, (setsOf.get(i) ?? new Set()).add(set));
    }
    const together = (a: number, b: number): boolean =>
      [...(setsOf.get(a) ?? [])].some((set) => setsOf.get(b)?.has(set));
    const planted = new Set(data.copies!.flatMap(([copy, original]) => [copy, original]));
    const others = new Set(sets.filter((set) => !set.some((i) => planted.has(i))).flat());
    const recall = Object.fromEntries(
      COPIES.map((kind) => {
        const own = data.copies!.filter((each) => each[2] === kind);
        return [kind, own.filter(([copy, original]) => together(copy, original)).length / own.length];
      }),
    );
    return { name, recall, others: others.size, seconds };
  };
  let began = process.cpuUsage();
  const cpu = (): number => process.cpuUsage(began).user / 1e6;
  const measures = images.map((image) => measureImage(image));
  const both = findDuplicates({ images: measures, features });
  const rows = [rowOf('**VoG.js**, images and features', both.sets, cpu())];
  began = process.cpuUsage();
  rows.push(rowOf('**VoG.js**, images', findDuplicates({ images: measures }).sets, cpu()));
  began = process.cpuUsage();
  rows.push(rowOf('**VoG.js**, features', findDuplicates({ features }).sets, cpu()));
  rows.push(rowOf('Datalab, features', peer.datalab!.near_duplicate.sets, peer.datalab!.seconds));
  rows.push(rowOf('cleanvision, images', peer.cleanvision!.sets, peer.cleanvision!.seconds));
  return rows;
}
