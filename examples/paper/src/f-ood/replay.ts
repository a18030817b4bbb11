import { createTracker } from '@vogjs/core';
import type { SelectedBackend } from '@vogjs/core/node';
import { asPublished } from '@vogjs/example-shared';
import { vogOodMetrics } from '@vogjs/ood';
import type { CheckpointFolder } from '../train/checkpoints.js';
import type { FOodOptions } from './options.js';
import { probeOf } from './probe.js';
import { restoreReplay, saveReplay } from './replay-folder.js';
import { VERSION } from './run-folder.js';
import { identity as setIdentity, processLine, type Run, type readRunData, settingsOf } from './run.js';
import { windowsOf } from './windows.js';

/**
 * The run of a training that is done: its checkpoints one after the other, nothing trained. With a folder to resume in,
 * scores are saved after each of them, and a second call goes on. The caller disposes model and tracker.
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
    windows: windowsOf(settings),
    total: { epochs: count },
  });
  const { resume } = options;
  const identity = {
    checkpoints: checkpoints.hash,
    images: all.map(({ key, hash }) => `${key} ${hash}`).join(', '),
    activation: settings.activation,
    windows: tracker.plan().windows.join(', '),
  };
  const done = resume === null ? 0 : await restoreReplay(resume, identity, tracker);
  for (let epoch = done; epoch < count; epoch++) {
    await checkpoints.load(epoch);
    await tracker.checkpoint(model, { epoch });
    if (resume !== null) await saveReplay(resume, identity, epoch + 1, tracker);
    onCheckpoint(epoch + 1);
  }
  // The detectors are of the last weights, also where nothing was left to do.
  await checkpoints.load(count - 1);
  const record = { version: VERSION, settings, sets: all.map(setIdentity), epochs: [], trackedEpochs: count };
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
