/** A command, as far as it is completed. */
export interface Completable {
  readonly name: string;
  readonly about: string;
  readonly options: readonly {
    /** With its dashes: `--out`. */
    readonly flag: string;
    readonly about: string;
    readonly takesValue: boolean;
  }[];
}
