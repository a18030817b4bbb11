import type { Metric } from '@vogjs/core';

/**
 * A metric whose high end is hard, as the paper reads every VoG, whatever we saw of its reading: for experiments that
 * ask whether it is so.
 */
export function asPublished(metric: Metric): Metric {
  return { ...metric, hardDirection: 'high', notes: [] };
}
