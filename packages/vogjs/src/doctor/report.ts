import type { BackendName } from '@vogjs/core/node';

/**
 * - `right`: loads, and its input gradient agrees with finite differences
 * - `wrong`: loads, and does not agree
 * - `absent`: its package is not installed
 * - `unusable`: installed, and does not load or start
 * - `crashed`: its process died
 * - `hung`: its process had to be ended
 */
export type BackendState = 'right' | 'wrong' | 'absent' | 'unusable' | 'crashed' | 'hung';

/** What is known of one backend. The shape is part of the public interface of `vogjs doctor --json`. */
export interface BackendReport {
  readonly backend: BackendName;
  readonly state: BackendState;
  /** Folder of its package, as seen from here; null when there is none. For cpu, TensorFlow.js itself. */
  readonly found: string | null;
  readonly loads: boolean;
  /** For example `tfjs 4.22.0, TensorFlow 2.21.0`. */
  readonly version: string | null;
  readonly device: DeviceReport | null;
  readonly gradient: GradientReport | null;
  readonly imagesPerSecond: ImagesPerSecond;
  /** Why the state is not `right`; null when it is. */
  readonly reason: string | null;
  /** What `selectBackend` says of it, such as what was repaired. */
  readonly notes: readonly string[];
}

export interface DeviceReport {
  readonly name: string;
  /** Bytes of its memory; null where nothing tells. */
  readonly memory: number | null;
}

interface GradientReport {
  /** Largest error relative to the largest slope; null where a gradient was not a number. */
  readonly error: number | null;
  readonly tolerance: number;
  readonly coordinates: number;
}

/** Forward pass with input gradient; null where it was not timed. */
export interface ImagesPerSecond {
  readonly lenet: number | null;
  readonly resnet18: number | null;
}

/** What `vogjs doctor --json` prints. Fields may be added; these stay. */
export interface DoctorReport {
  readonly vogjs: string;
  readonly node: string;
  readonly platform: string;
  readonly architecture: string;
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  /** Processes that wanted a core over the last minute, before doctor began: speeds are low where it is high. */
  readonly load: number;
  /** What `selectBackend` takes here; null when it takes none. */
  readonly chosen: BackendName | null;
  /** Whether there is a chosen one and its state is `right`: the exit code in words. */
  readonly right: boolean;
  /** Why none was chosen; else null. */
  readonly reason: string | null;
  readonly backends: readonly BackendReport[];
}
