/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type VogjsErrorCode =
  | 'BUILD_FAILED' // a native add-on does not compile
  | 'CHECKPOINT_INVALID' // saved checkpoints that cannot be loaded, or are of different networks
  | 'CLASSES_UNFIT' // labels that are one class, or do not fit the outputs
  | 'CONFIG_INVALID' // a configuration or an option of vogjs score that cannot be
  | 'DATA_UNKNOWN' // data that vogjs score cannot tell what it is
  | 'DETECTOR_UNKNOWN' // a detector that there is not
  | 'LABELS_UNREADABLE' // a file that holds no labels
  | 'LINK_UNVERIFIED' // a native add-on was built, and does not work
  | 'LOGITS_INVALID' // stored logits whose shape or values cannot be
  | 'METRIC_NEEDS' // a metric that needs labels or a model, and the run has none
  | 'NOT_LINKED' // an undo of a link that was never made
  | 'PACKAGE_MISSING' // a package that a command works on is not installed, or not completely
  | 'PACKAGE_READ_ONLY' // an installed package that cannot be written to
  | 'PLATFORM_MISMATCH' // a native library for another system or processor
  | 'SHARDS_FAILED' // shards of a queue that failed each time they were tried
  | 'SHARDS_MISSING' // examples or checkpoints that no shard of a run holds
  | 'SHARDS_OVERLAP' // two shards of a run that hold the same examples or checkpoints
  | 'SHARDS_STRANGE' // shards of different runs, or of other data or checkpoints than there are now
  | 'SHARD_DAMAGED' // a file of a shard that is not whole
  | 'SHARD_UNFIT' // work that cannot be done in these parts
  | 'SHARD_VERSION' // a file of a shard in another version of the format
  | 'TENSORFLOW_HEADERS_MISSING' // a TensorFlow without the headers of its C interface
  | 'TENSORFLOW_LIBRARIES_MISSING' // a TensorFlow without the libraries to link against
  | 'TENSORFLOW_MISSING' // no TensorFlow where one was looked for
  | 'TOOLCHAIN_MISSING' // no compiler, make, Python, node-gyp or Node headers to build a native add-on with
  | 'WORKER_FAILED'; // a process that scored a shard ended before it was done, three times over

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<VogjsErrorCode, 'vogjs'> {}
}
