import { type Context, contextOf } from './context.js';
import { nameOf } from './metric-descriptions.js';

/** One of the metrics that a page compares. */
export interface NamedMetric {
  /** What its tab says. */
  readonly name: string;
  readonly context: Context;
}

/** The metrics of the page, the main one first; none where there is nothing to compare. */
export function metricsOf(context: Context): readonly NamedMetric[] {
  const { input } = context;
  const entries = Object.entries(input.metrics ?? {});
  const others = entries.filter(([, scores]) => scores !== input.scores);
  if (others.length === 0) return [];
  const own = entries.find(([, scores]) => scores === input.scores)?.[0] ?? nameOf(input.scores);
  return [
    // The caller's figures are about the run, and stand above all tabs.
    { name: own, context: contextOf({ ...input, figures: undefined }, 5) },
    ...others.map(([name, scores]) => {
      const { windows: _, figures: __, metric: ___, ...shared } = input;
      return { name, context: contextOf({ ...shared, scores, classGallerySize: 0 }, 5) };
    }),
  ];
}
