/** What a template is filled in with. */
export interface TemplateJob {
  /** Letters, digits and dashes, for names of jobs. */
  readonly name: string;
  /** The words of the `vogjs score` that is done in shards. */
  readonly words: readonly string[];
  /** Folder of the run. */
  readonly folder: string;
  readonly shards: number;
  /** Shards at once. */
  readonly workers: number;
  readonly image: string | undefined;
  readonly claim: string;
  /** Threads that a shard has work for. */
  readonly cores: number;
  /** Memory of a shard, with a reserve. */
  readonly megabytes: number;
  /** Time for a shard, with a reserve. */
  readonly minutes: number;
}
