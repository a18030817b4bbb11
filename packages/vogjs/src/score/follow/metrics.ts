import { VogError } from '@vogjs/base';
import { type AnyMetricFactory, type Metric, needsOf } from '@vogjs/core';
import { trackerMetrics } from '@vogjs/metrics';
import { meantBy } from '../../command/meant.js';

/** What a run can give to metrics. */
export interface Offer {
  readonly labels: boolean;
  /** Whether there is a model to differentiate, and to look into. */
  readonly model: boolean;
}

/** Metrics that a run takes, and why others are left out. */
export interface ChosenMetrics {
  readonly metrics: readonly Metric[];
  readonly notes: readonly string[];
}

/**
 * The metrics asked for by name. Without names: of all that can be had, those that need the forward pass alone, VoG, and
 * somebody's own.
 *
 * @throws VogError METRIC_UNKNOWN; METRIC_NEEDS for one that needs labels or gradients which the run has not
 */
export function chooseMetrics(
  names: readonly string[] | undefined,
  offer: Offer,
  own: readonly AnyMetricFactory[] = [],
): ChosenMetrics {
  const known = [...trackerMetrics, ...own].map((factory) => ({ factory, ...facts(factory) }));
  const possible = known.filter((metric) => missing(metric, offer) === null);
  if (names === undefined) {
    const chosen = possible.filter(
      ({ factory, forwardOnly, name }) => forwardOnly || name === 'vog' || own.includes(factory),
    );
    return { metrics: chosen.map(({ factory }) => factory({})), notes: leftOut(known, offer) };
  }
  if (names.length === 1 && names[0] === 'all') {
    return { metrics: possible.map(({ factory }) => factory({})), notes: leftOut(known, offer) };
  }
  const metrics = [...new Set(names)].map((name) => {
    const metric = known.find((each) => each.name === name);
    if (metric === undefined) {
      const list = known.map((each) => each.name);
      throw new VogError(
        'METRIC_UNKNOWN',
        `There is no metric '${name}'.${meantBy(name, list)} Known: ${list.join(', ')}, or 'all'.`,
      );
    }
    const lacks = missing(metric, offer);
    if (lacks === null) return metric.factory({});
    throw new VogError(
      'METRIC_NEEDS',
      `Metric '${name}' needs ${lacks}, and this run has none. Leave it out. Possible are ${possible.map((each) => each.name).join(', ')}.`,
    );
  });
  return { metrics, notes: [] };
}

interface Facts {
  readonly name: string;
  readonly labels: boolean;
  readonly forwardOnly: boolean;
}

/** Read off what the metric requires. */
function facts(factory: AnyMetricFactory): Facts {
  const metric = factory({});
  const { labels, gradients, features } = needsOf([metric.requires]);
  return { name: metric.name, labels, forwardOnly: gradients.size === 0 && features.length === 0 };
}

function missing({ labels, forwardOnly }: Facts, offer: Offer): string | null {
  if (labels && !offer.labels) return 'labels';
  return forwardOnly || offer.model ? null : 'a model';
}

function leftOut(known: readonly Facts[], offer: Offer): string[] {
  const reasons = new Map<string, string[]>();
  for (const metric of known) {
    const lacks = missing(metric, offer);
    if (lacks !== null) reasons.set(lacks, [...(reasons.get(lacks) ?? []), metric.name]);
  }
  return [...reasons].map(([lacks, names]) => `Without ${lacks} there is no ${names.join(', ')}.`);
}
