import { balancedOrder, extraShowings } from './arrangement.js';
import type { ReadOptions } from './options.js';
import { shuffled, STREAM, streamOf } from './random-streams.js';
import type { TrainingSet } from './training-set.js';

/** What decides the order of an epoch. All arrays are over training examples. */
export interface SelectionInit {
  readonly epoch: number;
  readonly training: TrainingSet;
  /** Every example, from the one that comes in first. */
  readonly ranking: Int32Array;
  /** What the pace allows, of those that pruning has not ruled out. */
  readonly share: number;
  /** Probability that an example is kept in a pass; null for all 1. */
  readonly keep: Float32Array | null;
  readonly minPerClass: number;
  readonly options: Pick<ReadOptions, 'order' | 'within' | 'seed' | 'maxRepeats' | 'mining'>;
}

/** The examples of one epoch: a pure function of its init, so that an epoch has the same order whenever it is asked. */
export class Selection {
  /** The examples that may be shown in this epoch, in the order of the ranking. */
  readonly available: Int32Array;

  constructor(private readonly init: SelectionInit) {
    const { ranking, share, keep } = init;
    const candidates = keep === null ? ranking : ranking.filter((index) => keep[index]! > 0);
    const count = Math.max(1, Math.ceil(share * candidates.length - 1e-9));
    this.available = this.withClasses(candidates.subarray(0, count));
  }

  /** The order of a pass over them: pass 0, 1, … of the same epoch differ. */
  pass(pass: number): Int32Array {
    const { epoch, keep, options } = this.init;
    const { order, within, seed, maxRepeats, mining } = options;
    const random = streamOf(seed, STREAM.shuffle, epoch, pass);
    const kept = keep === null ? this.available : this.withClasses(this.drawn(keep, pass));
    if (order === 'balanced') return balancedOrder(this.membersByClass(kept), maxRepeats, random);
    if (within === 'sorted') return kept;
    if (order !== 'hard-mined') return shuffled(kept, random);
    const extras = extraShowings(kept, mining, maxRepeats, streamOf(seed, STREAM.extras, epoch, pass));
    return shuffled(Int32Array.from([...kept, ...extras]), random);
  }

  private drawn(keep: Float32Array, pass: number): Int32Array {
    const { epoch, options, training } = this.init;
    const coins = streamOf(options.seed, STREAM.coins, epoch, pass);
    // One coin for each example of the training set, drawn in its order: whoever else is available changes nothing.
    const heads = Uint8Array.from({ length: training.size }, (_, index) => Number(coins.uniform() < keep[index]!));
    const kept = this.available.filter((index) => heads[index] === 1);
    return kept.length > 0 ? kept : this.available.subarray(0, 1);
  }

  /** Adds the first examples, by the ranking, of each class that has too few; the ranking's order is kept. */
  private withClasses(chosen: Int32Array): Int32Array {
    const { minPerClass, training, ranking } = this.init;
    const { labels, classes, size } = training;
    if (minPerClass === 0 || labels === null || chosen.length === size) return chosen;
    const isChosen = new Uint8Array(size);
    const missing = new Map<number, number>();
    for (const members of classes) missing.set(labels[members[0]!]!, Math.min(minPerClass, members.length));
    for (const index of chosen) {
      isChosen[index] = 1;
      missing.set(labels[index]!, missing.get(labels[index]!)! - 1);
    }
    if ([...missing.values()].every((count) => count <= 0)) return chosen;
    return ranking.filter((index) => {
      if (isChosen[index] === 1) return true;
      const label = labels[index]!;
      const count = missing.get(label)!;
      if (count <= 0) return false;
      missing.set(label, count - 1);
      return true;
    });
  }

  private membersByClass(chosen: Int32Array): Int32Array[] {
    const labels = this.init.training.labels!;
    const members = new Map<number, number[]>();
    for (const index of chosen) {
      const list = members.get(labels[index]!) ?? [];
      list.push(index);
      members.set(labels[index]!, list);
    }
    return [...members.entries()].toSorted(([a], [b]) => a - b).map(([, list]) => Int32Array.from(list));
  }
}
