import { VogError } from '@vogjs/base';
import type { Metric } from '../metrics/metric.js';
import type { ProbeFingerprint } from '../probe/fingerprint.js';
import type { Windows } from '../schedule/segments.js';
import type { Header, MetricVariant } from './saved-header.js';

/** What a tracker is made of, as far as a saved state must agree with it. */
export interface RunIdentity {
  readonly probe: ProbeFingerprint;
  readonly metrics: readonly Metric[];
  readonly windows: Windows;
}

/**
 * Refuses the state of another run.
 *
 * @throws VogError PROBE_MISMATCH, STATE_MISMATCH
 */
export function checkSameRun(saved: Header, { probe, metrics, windows }: RunIdentity): void {
  for (const aspect of ['size', 'shapes', 'labels', 'ids'] as const) {
    const [then, here] = [JSON.stringify(saved.probe[aspect]), JSON.stringify(probe[aspect])];
    if (then !== here) {
      throw new VogError(
        'PROBE_MISMATCH',
        `The saved state belongs to another probe: its ${aspect} was ${clipped(then)} and is ${here} here. Load it into a tracker of the same examples, in the same order.`,
      );
    }
  }
  if (describeMetrics(saved.metrics) !== describeMetrics(metrics)) {
    throw new VogError(
      'STATE_MISMATCH',
      `The saved state is of other metrics. Saved: ${clipped(describeMetrics(saved.metrics))}. Here: ${describeMetrics(metrics)}. Create the tracker with the same metrics and options.`,
    );
  }
  const [then, here] = [describeWindows(saved.windows), describeWindows(windows)];
  if (then !== here) {
    throw new VogError('STATE_MISMATCH', `The saved state has other windows. Saved: ${clipped(then)}. Here: ${here}.`);
  }
}

/** A file may say anything at any length, and a message must not. */
function clipped(text: string): string {
  return text.length <= 1000 ? text : `${text.slice(0, 1000)}…`;
}

function describeMetrics(list: readonly MetricVariant[]): string {
  return list
    .map(({ name, version, options }) => `${name} v${version} ${JSON.stringify(options)}`)
    .toSorted()
    .join('; ');
}

function describeWindows(windows: Windows): string {
  return JSON.stringify(
    Object.entries(windows)
      .map(([name, { unit, from, to }]) => ({ name, unit, from, to: to === Number.POSITIVE_INFINITY ? null : to }))
      .toSorted((a, b) => a.from - b.from),
  );
}
