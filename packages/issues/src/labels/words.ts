import { classNamer, percent } from '../shared/words.js';
import type { Proposals } from './proposals.js';
import { type Evidence, rankShares, type Sources } from './signals.js';

/** Why a label is suspect, as a sentence: what it says, what the outputs say, what neighbours and trajectory say. */
export function labelSentence(
  { labels, held, trained, neighbours }: Sources,
  { suggested, probabilities, agrees }: Proposals,
  evidence: readonly Evidence[],
  classNames: readonly string[] | undefined,
): (example: number) => string {
  const nameOf = classNamer(classNames);
  const trajectory = evidence.find(({ family }) => family === 'trajectory');
  const percentiles = trajectory && rankShares(trajectory);
  const dissent = evidence.find(({ family }) => family === 'neighbours');
  return (i) => {
    const outputs = held?.known[i] === 1 ? held : trained?.known[i] === 1 ? trained : undefined;
    const parts: string[] = [];
    if (outputs) {
      const own = percent(Number(outputs.array.data[i * outputs.classes + labels[i]!]));
      const who = outputs === held ? 'a network that had not seen it' : 'the network';
      const other = `${nameOf(suggested[i]!)} ${percent(probabilities[i]!)}`;
      parts.push(agrees[i] === 1 ? `${who} agrees with ${own}` : `${who} says ${other}, and ${own} for the label`);
    }
    if (neighbours && dissent && !Number.isNaN(dissent.suspicion[i])) {
      const found = neighbours.indices
        .subarray(i * neighbours.k, (i + 1) * neighbours.k)
        .filter((at) => at !== -1).length;
      const others = Math.round(dissent.suspicion[i]! * found);
      parts.push(`${others} of its ${found} nearest neighbours ${others === 1 ? 'has' : 'have'} another label`);
    }
    if (percentiles && !Number.isNaN(percentiles[i])) {
      parts.push(`it was harder to learn than ${percent(Math.floor(100 * percentiles[i]!) / 100)} of the data`);
    }
    return `Labelled ${nameOf(labels[i]!)}; ${parts.join('; ') || 'nothing is known of it'}.`;
  };
}
