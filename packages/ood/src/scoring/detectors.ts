import { refuseForTask, type Requirements, type Task, VogError } from '@vogjs/core';
import { type Attempt, failure as failureIn, failureOf } from '@vogjs/core/plugin';
import type { Detector } from '../detectors/detector.js';

/** Refuses what is no list of detectors with names of their own. */
export function checkDetectors(where: string, detectors: readonly Detector[]): void {
  if (!Array.isArray(detectors) || detectors.length === 0) {
    throw new VogError('DETECTOR_INVALID', `${where} needs a list of detectors, such as [msp(), energy()].`);
  }
  const names = new Set<string>();
  for (const detector of detectors as readonly Detector[]) {
    if (typeof detector?.score !== 'function') {
      throw new VogError(
        'DETECTOR_INVALID',
        `${where} was given ${typeof detector}, not a detector. Call its factory: energy(), not energy; or make one with defineDetector.`,
      );
    }
    if (names.has(detector.name)) {
      throw new VogError(
        'DETECTOR_DUPLICATE',
        `Two detectors are named '${detector.name}'. Give one another name, such as odin({ name: 'odin-1', temperature: 1 }).`,
      );
    }
    names.add(detector.name);
  }
}

/** Refuses detectors that assume a softmax, for a model that has none. */
export function refuseDetectors(detectors: readonly Detector[], task: Task): void {
  for (const { name, requires, fit } of detectors) {
    const statistics = Object.values(fit?.statistics ?? {}).map((statistic) => statistic.requires);
    if ([requires, ...statistics].some(needsClasses)) {
      refuseForTask('Detector', name, ['classification', 'binary'], task);
    }
  }
}

/** Whether anything that is required comes from logits, labels or a gradient, and not from features alone. */
function needsClasses(requires: Requirements): boolean {
  return Object.values(requires).some(
    ({ key, needs, requires: inner }) =>
      key === 'logits' || needs?.labels === true || needs?.gradient !== undefined || needsClasses(inner),
  );
}

/** Runs a hook of a detector; what it throws that is no VogError becomes one that names it. */
export async function attempted<T>(detector: string, hook: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw failure(detector, hook, error);
  }
}

/** The error of a detector's hook. A VogError keeps its code, and gains where it came from. */
export function failure(detector: string, hook: string, error: unknown, resource: string | null = null): VogError {
  const of: Attempt = { plugin: { kind: 'detector', name: detector }, hook, code: 'DETECTOR_FAILED', passes: isCoded };
  if (resource === null || isCoded(error)) return failureOf(of, error);
  const message = error instanceof Error ? error.message : String(error);
  return failureIn(of, `its resource '${resource}' threw: ${message}`, { cause: error });
}

function isCoded(error: unknown): error is VogError {
  return error instanceof VogError;
}
