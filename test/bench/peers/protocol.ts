// What is said to a peer in a process of its own, and what it answers: one JSON object a line.

/** Takes checkpoints 0, 1, … of the case, then the scores. */
export interface RunRequest {
  readonly do: 'run';
  readonly checkpoints: number;
  readonly examples: number;
  /** Ours only: the slope of the softmax, as Datagnosis has it, in place of the logit's. */
  readonly activation?: 'logit' | 'softmax';
}

/** Takes checkpoint after checkpoint of the same weights; memory is read after as many as `at` says. */
export interface MemoryRequest {
  readonly do: 'memory';
  readonly at: readonly number[];
  readonly examples: number;
}

export interface Ready {
  /** What computes, with its version. */
  readonly ready: string;
  readonly threads: number | null;
}

export interface RunReply {
  /** Of all passes and the scores. Setting the weights is training, and is not counted. */
  readonly seconds: number;
  /** Of the same work: of all threads of the process. Other programs on the machine hardly move it. */
  readonly processorSeconds: number;
  readonly scores: readonly number[];
}

export interface MemoryReply {
  /** Bytes resident before the first checkpoint, with model and inputs, and the runtime warm. */
  readonly baseline: number;
  /** Most bytes resident up to as many checkpoints as asked for and their scores, above the baseline. */
  readonly peaks: readonly number[];
  /** Bytes on disk at the end. */
  readonly disk: number;
}
