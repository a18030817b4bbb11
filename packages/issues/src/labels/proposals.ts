import type { Neighbours } from '../neighbours/nearest.js';
import { likeliest, type ReadProbabilities } from './probabilities.js';
import type { Sources } from './signals.js';

/** What is proposed in place of each label. */
export interface Proposals {
  /** `[N]`: the likeliest class but the given one; -1 where nothing proposes. */
  readonly suggested: Int32Array;
  /** `[N]`: how probable it is; NaN where there is none. */
  readonly probabilities: Float32Array;
  /** Whether the given label may stand: it is the likeliest of all. Never without anything that proposes. */
  readonly agrees: Uint8Array;
}

/** By held-out outputs, else by outputs of the training itself, else by the votes of neighbours. */
export function proposeLabels({ labels, held, trained, neighbours }: Sources): Proposals {
  const size = labels.length;
  const suggested = new Int32Array(size).fill(-1);
  const probabilities = new Float32Array(size).fill(Number.NaN);
  const agrees = new Uint8Array(size);
  const votes = neighbours && !held && !trained ? votesOf(neighbours, labels) : undefined;
  for (let i = 0; i < size; i++) {
    const outputs = held?.known[i] === 1 ? held : trained?.known[i] === 1 ? trained : undefined;
    const proposal = outputs ? fromOutputs(outputs, i, labels[i]!) : votes?.(i);
    if (!proposal) continue;
    suggested[i] = proposal.label;
    probabilities[i] = proposal.probability;
    agrees[i] = Number(proposal.agrees);
  }
  return { suggested, probabilities, agrees };
}

interface Proposal {
  readonly label: number;
  readonly probability: number;
  readonly agrees: boolean;
}

function fromOutputs(outputs: ReadProbabilities, example: number, given: number): Proposal {
  const at = (label: number): number => Number(outputs.array.data[example * outputs.classes + label]);
  const label = likeliest(outputs, example, given);
  return { label, probability: at(label), agrees: at(given) >= at(label) };
}

function votesOf({ indices, k }: Neighbours, labels: ArrayLike<number>): (example: number) => Proposal | undefined {
  return (example) => {
    const votes = new Map<number, number>();
    let found = 0;
    for (const other of indices.subarray(example * k, (example + 1) * k)) {
      if (other === -1) continue;
      found++;
      votes.set(labels[other]!, (votes.get(labels[other]!) ?? 0) + 1);
    }
    const given = labels[example]!;
    const own = votes.get(given) ?? 0;
    votes.delete(given);
    const [label, most] = [...votes].reduce((best, each) => (each[1] > best[1] ? each : best), [-1, 0]);
    if (found === 0 || label === -1) return undefined;
    return { label, probability: most / found, agrees: own >= most };
  };
}
