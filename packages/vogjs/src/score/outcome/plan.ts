import type { WorkPlan } from '../follow/work.js';

/** What a run would take, in lines. */
export function planLines(
  { plan, checkpoints, secondsPerCheckpoint, secondsPerEpoch, beside, workers = 1 }: WorkPlan,
  backend: string,
): string[] {
  const seconds = checkpoints * (secondsPerCheckpoint / workers + secondsPerEpoch);
  const kept = plan.stateBytes + (beside?.stateBytes ?? 0);
  const bytes = kept + workers * (plan.workingBytes ?? 0);
  return [
    `Examples      ${plan.examples}, in ${plan.chunks} chunks of ${plan.chunkSize}`,
    ...(beside && beside.examples > 0
      ? [`Beside them   ${beside.examples} of the out-of-distribution evaluation`]
      : []),
    `Checkpoints   ${checkpoints}`,
    `Passes        ${checkpoints * plan.forwardPasses} forward, ${checkpoints * plan.backwardPasses} backward`,
    `Memory        ${megabytes(bytes)}, of which ${megabytes(kept)} are kept between checkpoints`,
    ...(workers === 1
      ? []
      : [`Workers       ${workers}, each with the program and the data in its memory beside that`]),
    `Time          about ${duration(seconds)} on ${backend}${secondsPerEpoch > 0 ? `, ${duration(checkpoints * secondsPerEpoch)} of it training` : ''}`,
    'Nothing was written. Leave out --plan to run it.',
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `40 seconds`, `12 minutes`, `3.5 hours`. */
function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} seconds`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`;
}
