import type { PixelImages } from '@vogjs/formats/images';
import type { ReportIssues } from './issues.js';
import type { ReportPictures } from './pictures.js';
import type { ReportOod } from './ood.js';
import type { ReportScores } from './scores.js';

/** A number that stands out, with what it means beside it. */
export interface KeyFigure {
  readonly label: string;
  readonly value: string | number;
  readonly note?: string | undefined;
  /** Draws the value on a scale from 0 to 1 with the random baseline marked. */
  readonly scale?: { readonly value: number; readonly baseline: number } | undefined;
}

/** What is known about the run: backend, seconds, seed, versions. */
export interface RunFact {
  readonly label: string;
  readonly value: string | number;
}

/** The three numbers of a data map, as `dataMaps` of `@vogjs/metrics` gives them. */
export interface ReportDataMap {
  /** Mean probability of the given label, 0 to 1. */
  readonly confidence: ReportScores;
  /** Its standard deviation over checkpoints. */
  readonly variability: ReportScores;
  /** Share of checkpoints at which the given label was predicted, 0 to 1. */
  readonly correctness: ReportScores;
}

/** An example whose label is in doubt; `detectLabelErrors` of `@vogjs/metrics` gives these. */
export interface ReportSuspect {
  /** Position of the example in the scores. */
  readonly index: number;
  /** The class that the label perhaps should be; null where none is proposed. */
  readonly proposedLabel: number | null;
  /** Percentile that it was ranked by, 100 = hardest. */
  readonly percentile: number;
  readonly reason: string;
}

export interface ReportInput {
  readonly title: string;
  /** Scores over the whole training ('complete'). Its labels are the ones the model was given. */
  readonly scores: ReportScores;
  /** Scores of parts of the training, by name, in order: early, middle, late. */
  readonly windows?: Readonly<Record<string, ReportScores>> | undefined;
  /**
   * Scores of other metrics for the same examples, each under the name of its tab. With them the page compares metrics
   * and has a tab for each; `scores` is the first, under its own name unless it is in here as well.
   */
  readonly metrics?: Readonly<Record<string, ReportScores>> | undefined;
  /** Draws the data map: confidence over variability, coloured by correctness. */
  readonly dataMap?: ReportDataMap | undefined;
  /** Shows the examples whose labels are in doubt, most suspect first, with the label proposed. */
  readonly suspects?: readonly ReportSuspect[] | undefined;
  /** Out-of-distribution sets against an in-distribution one, each in a section of its own. */
  readonly ood?: ReportOod | readonly ReportOod[] | undefined;
  /** Class index per example as known afterwards. Where it differs from the label, the example counts as flagged. */
  readonly trueLabels?: ArrayLike<number> | undefined;
  /** Predicted class index per example, from the end of training. */
  readonly predictions?: ArrayLike<number> | undefined;
  /** Examples known to be odd in another way; overrides what `trueLabels` says. `name` is a plural: "wrong labels". */
  readonly flagged?: { readonly flags: ArrayLike<boolean | number>; readonly name: string } | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** Pixels of all examples, or a function that gives those of one. */
  readonly images?: PixelImages | ReportPictures | undefined;
  /** Address of each example's file; null for one without. Names become links. */
  readonly links?: ArrayLike<string | null> | undefined;
  /** What else may be wrong with the data, kind by kind; doubtful labels are `suspects`. */
  readonly issues?: readonly ReportIssues[] | undefined;
  /** Figures of the caller's, before those that the report works out itself (detection, error of the hardest tenth). */
  readonly figures?: readonly KeyFigure[] | undefined;
  readonly facts?: readonly RunFact[] | undefined;
  /** Explains a metric that the report does not know. */
  readonly metric?: { readonly title: string; readonly meaning: string } | undefined;
  /** Thumbnails in each overall gallery; 24 unless told. */
  readonly gallerySize?: number | undefined;
  /** Thumbnails at each end of a class; 8 unless told, fewer where they would make the file too large. */
  readonly classGallerySize?: number | undefined;
}
