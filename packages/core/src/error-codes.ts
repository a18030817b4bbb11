/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type CoreErrorCode =
  | 'BUDGET_TOO_SMALL' // the memory budget cannot hold the state of this run
  | 'DISPOSED' // a tracker was used after dispose()
  | 'HEAD_NOT_LINEAR' // logits that are not a linear function of the features
  | 'LAYER_UNKNOWN' // a layer name that the model does not have
  | 'LOGITS_UNRESOLVED' // the logits of a model cannot be found without help
  | 'METRIC_DUPLICATE' // two metrics of one tracker share a name
  | 'METRIC_FAILED' // a metric's hook threw or returned something impossible
  | 'METRIC_INVALID' // a metric's definition is incomplete or contradictory
  | 'METRIC_TORN' // scores were asked of a metric that failed earlier under onError 'quarantine'
  | 'METRIC_UNKNOWN' // a metric, column or window name that this tracker does not have
  | 'MODEL_CHANGED' // a tracker met another model than the one it follows
  | 'MONITOR_FAILED' // a monitor threw or gave no number for a figure
  | 'MONITOR_INVALID' // a monitor without a name, figures or hook, or with another one's name
  | 'PROBE_EMPTY' // a probe without examples
  | 'RESOURCE_DUPLICATE' // two different resources of one pass share name and parameters
  | 'RESULT_NOT_FINITE' // NaN or infinity among a model's outputs, as when training diverged, or NaN among scores
  | 'SCHEDULE_NEEDS_TOTAL' // a fraction of a training run whose length is unknown
  | 'STATE_INVALID' // a saved state that is damaged
  | 'STATE_MISMATCH' // a saved state of other metrics or windows
  | 'STATE_TOO_LARGE' // a state that does not fit one array of bytes
  | 'STATE_VERSION' // a saved state of a newer version
  | 'TASK_MISMATCH' // task, head, loss and labels contradict each other
  | 'TASK_UNRESOLVED' // head, loss and labels leave open what the model trains for
  | 'TASK_UNSUPPORTED' // a metric, resource or detector that means nothing for the model's task
  | 'WEIGHTS_MISMATCH'; // weights of a checkpoint that do not fit the model, by name, shape or kind of layer

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<CoreErrorCode, '@vogjs/core'> {}
}
