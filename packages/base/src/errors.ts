/** What went wrong, as a stable word that programs can test. The message is for people and may change. */
export type ErrorCode =
  | 'ARGUMENT_INVALID' // an argument has the wrong type or value
  | 'BACKEND_UNAVAILABLE' // a TensorFlow.js backend that was asked for cannot be used
  | 'BUDGET_TOO_SMALL' // the memory budget cannot hold the state of this run
  | 'BUILD_FAILED' // a native add-on does not compile
  | 'CALLBACK_BUSY' // a tracker that another fit is driving
  | 'CALLBACK_MIX' // a callback that tfjs gave no model, as when two copies of tfjs are loaded
  | 'CURRICULUM_STALLED' // an epoch's order was asked again, or still in use, although training should have moved on
  | 'DETECTOR_DUPLICATE' // two detectors of one call share a name
  | 'DETECTOR_FAILED' // a detector threw or returned something impossible
  | 'DETECTOR_INVALID' // a detector's definition is incomplete or contradictory
  | 'DETECTOR_NOT_FITTED' // scores were asked of a detector that has to be fitted first
  | 'DEVICE_FAILED' // a device reported an error that is no exception: results since then are not to be trusted
  | 'DISK_FULL' // not enough disk space for what was asked
  | 'DISPOSED' // a tracker was used after dispose()
  | 'FILE_FAILED' // a file that the system does not let us read or write
  | 'FORMAT_INVALID' // a file is not in the format it should be in
  | 'FORMAT_TRUNCATED' // a file ends before its header says it should
  | 'FORMAT_UNSUPPORTED' // a valid file of a kind that is not supported
  | 'GRADIENT_UNSUPPORTED' // an operation whose gradient is known to be missing or wrong on this backend
  | 'HEAD_NOT_LINEAR' // logits that are no linear function of the features
  | 'IDS_DUPLICATE' // two probe examples share an id
  | 'IDS_UNKNOWN' // an id that no probe example has
  | 'INPUT_NOT_FINITE' // NaN or infinity in the inputs
  | 'INPUT_SHAPE' // a tensor or array has the wrong shape
  | 'LABEL_INVALID' // a label is out of range, fractional, or not one-hot
  | 'LAYER_UNKNOWN' // a layer name that the model does not have
  | 'LINK_UNVERIFIED' // a native add-on was built, and does not work
  | 'LOGITS_UNRESOLVED' // the logits of a model cannot be found without help
  | 'METRIC_DUPLICATE' // two metrics of one tracker share a name
  | 'METRIC_FAILED' // a metric's hook threw or returned something impossible
  | 'METRIC_INVALID' // a metric's definition is incomplete or contradictory
  | 'METRIC_TORN' // scores were asked of a metric that failed earlier under onError 'quarantine'
  | 'METRIC_UNKNOWN' // a metric, column or window name that this tracker does not have
  | 'MODEL_CHANGED' // a tracker met another model than the one it follows
  | 'MODEL_MISMATCH' // a fitted detector met other weights or other preprocessing than it was fitted with
  | 'MONITOR_FAILED' // a monitor threw or gave no number for a figure
  | 'MONITOR_INVALID' // a monitor without a name, figures or hook, or with another one's name
  | 'NOT_LINKED' // an undo of a link that was never made
  | 'PACKAGE_MISSING' // a package that a command works on is not installed, or not completely
  | 'PACKAGE_READ_ONLY' // an installed package that cannot be written to
  | 'PLATFORM_MISMATCH' // a native library for another system or processor
  | 'PROBE_EMPTY' // a probe without examples
  | 'PROBE_MISMATCH' // a state or chunk that belongs to another probe
  | 'RESULT_NOT_FINITE' // NaN or infinity among a model's outputs, as when training diverged, or NaN among scores
  | 'SAMPLE_TOO_SMALL' // too few values for the statistic
  | 'SCHEDULE_NEEDS_TOTAL' // a fraction of a training run whose length is unknown
  | 'STATE_INVALID' // a saved state that is damaged
  | 'STATE_MISMATCH' // a saved state of other metrics or windows
  | 'STATE_TOO_LARGE' // a state that does not fit one array of bytes
  | 'STATE_VERSION' // a saved state of a newer version
  | 'TASK_MISMATCH' // task, head, loss and labels contradict each other
  | 'TASK_UNRESOLVED' // head, loss and labels leave open what the model trains for
  | 'TASK_UNSUPPORTED' // a metric, resource or detector that means nothing for the model's task
  | 'TENSORFLOW_HEADERS_MISSING' // a TensorFlow without the headers of its C interface
  | 'TENSORFLOW_LIBRARIES_MISSING' // a TensorFlow without the libraries to link against
  | 'TENSORFLOW_MISSING' // no TensorFlow where one was looked for
  | 'TOOLCHAIN_MISSING'; // no compiler, make, Python, node-gyp or Node headers to build a native add-on with

/** Where an error came from, when a metric is to blame. */
export interface ErrorOrigin {
  /** Name of the metric whose hook failed. */
  readonly metric?: string;
  /** The hook: `init`, `update`, `compute` or `merge`; of a monitor `begin` or `checkpoint`. */
  readonly hook?: string;
  /** Index of the checkpoint, counted from 0. */
  readonly checkpoint?: number;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * The only error that VoG.js throws on purpose. `code` says what is wrong for programs; the message says what was
 * wrong, what was expected and what to do, for people.
 */
export class VogError extends Error {
  override readonly name = 'VogError';
  readonly code: ErrorCode;
  readonly metric: string | undefined;
  readonly hook: string | undefined;
  readonly checkpoint: number | undefined;

  constructor(code: ErrorCode, message: string, origin: ErrorOrigin = {}) {
    super(message, 'cause' in origin ? { cause: origin.cause } : undefined);
    this.code = code;
    this.metric = origin.metric;
    this.hook = origin.hook;
    this.checkpoint = origin.checkpoint;
  }
}
