import type { Findings, NotFiniteCheckpoint } from '@vogjs/core/engine';

/** What went wrong in all shards together, as one scoring of all examples would have found it. */
export function joinFindings(parts: readonly Findings[], examples: number): Findings {
  const byStep = new Map<number, NotFiniteCheckpoint>();
  for (const found of parts.flatMap(({ notFinite }) => notFinite)) {
    const { step } = found.position;
    const known = byStep.get(step);
    byStep.set(step, {
      ...found,
      examples: found.examples + (known?.examples ?? 0),
      total: examples,
      skipped: found.skipped && (known?.skipped ?? true),
    });
  }
  const notFinite = [...byStep.values()].toSorted((a, b) => a.position.step - b.position.step);
  const metrics = [...new Set(parts.flatMap(({ zeroGradients }) => zeroGradients.map(([metric]) => metric)))];
  return {
    notFinite,
    // The note is of gradients that are 0 at every checkpoint, which they are in no more than in the shard of fewest.
    zeroGradients: metrics.map((metric) => [
      metric,
      Math.min(...parts.map(({ zeroGradients }) => zeroGradients.find(([name]) => name === metric)?.[1] ?? 0)),
    ]),
  };
}
