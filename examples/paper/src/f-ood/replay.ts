import { createTracker, stages } from '@vogjs/core';
import type { SelectedBackend } from '@vogjs/core/node';
import { asPublished } from '@vogjs/example-shared';
import { vogOodMetrics } from '@vogjs/ood';
import type { CheckpointFolder } from '../readings/checkpoints.js';
import type { FOodOptions } from './options.js';
import { probeOf } from './probe.js';
import { identity, processLine, type Run, type readRunData, settingsOf } from './run.js';

/**
 * The run of a training that is done: its checkpoints one after the other, nothing trained. The caller disposes model
 * and tracker.
 */
export async function replayRun(
  { train, sets }: Awaited<ReturnType<typeof readRunData>>,
  options: FOodOptions,
  checkpoints: CheckpointFolder,
  backend: Pick<SelectedBackend, 'backend' | 'version'>,
  onCheckpoint: (done: number) => void = () => {},
): Promise<Run> {
  const { title, scaling, model, count } = checkpoints;
  const settings = { ...settingsOf(options), title, epochs: count, checkpoints: count };
  const all = [sets.inside, ...sets.outside];
  const probe = probeOf(all, scaling);
  const tracker = createTracker({
    inputs: probe.inputs,
    metrics: vogOodMetrics({ activation: settings.activation }).map(asPublished),
    windows: stages(3),
    total: { epochs: count },
  });
  for (let epoch = 0; epoch < count; epoch++) {
    await checkpoints.load(epoch);
    await tracker.checkpoint(model, { epoch });
    onCheckpoint(epoch + 1);
  }
  const record = { version: 1, settings, sets: all.map(identity), epochs: [], trackedEpochs: count };
  return {
    settings,
    train,
    sets,
    scaling,
    probe,
    model,
    tracker,
    record: { ...record, processes: [processLine(backend)] },
  };
}
