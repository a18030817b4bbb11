import type { ApiTrajectory } from '../../api/types.js';

/** Beyond rounding in float32, and the clipping that some losses do. */
const NEAR = 1e-3;

/**
 * Probability of the likeliest class but the label, at each checkpoint: exp(-loss - margin), as a cross-entropy is the label's
 * negative log-probability and the margin the label's logit less the largest other. Null where these say no such thing: the
 * loss is another one, or a probability above what the label leaves.
 */
export function bestOthers({ labelProbability, margin, loss }: ApiTrajectory): (number | null)[] {
  return labelProbability.map((own, at) => {
    const [lost, lead] = [loss[at] ?? null, margin[at] ?? null];
    if (own === null || lost === null || lead === null || Math.abs(Math.exp(-lost) - own) > NEAR) return null;
    const other = Math.exp(-lost - lead);
    return other <= 1 - own + NEAR ? Math.min(other, 1 - own) : null;
  });
}
