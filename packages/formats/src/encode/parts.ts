// What an encoder remembers of each column: plain values, so that it can be kept as JSON.

/** A number, date or boolean: less its mean, over its standard deviation. */
export interface ScaledPart {
  readonly kind: 'scaled';
  readonly column: string;
  readonly type: 'number' | 'date' | 'boolean';
  readonly mean: number;
  readonly deviation: number;
  /** Whether values were missing: then a second column says where. The first has the mean there. */
  readonly marksMissing: boolean;
}

/** A category with few levels: a column each; what is missing or was not seen has 0 in all. */
export interface OneHotPart {
  readonly kind: 'one-hot';
  readonly column: string;
  readonly levels: readonly string[];
}

/** A category with many levels: an index each from 1; what is missing or was not seen has 0. */
export interface EmbeddedPart {
  readonly kind: 'embedded';
  readonly column: string;
  readonly levels: readonly string[];
}

/** A text: indices of its words. */
export interface TokensPart {
  readonly kind: 'tokens';
  readonly column: string;
  readonly vocabulary: readonly string[];
  readonly length: number;
}

export type Part = ScaledPart | OneHotPart | EmbeddedPart | TokensPart;

/** The column that is to be learned. */
export interface TargetPart {
  readonly column: string;
  readonly task: 'classification' | 'regression';
  /** Of classification: a class's name as its column writes it. */
  readonly classNames: readonly string[];
  /** Of regression: targets are less this mean, over this deviation. */
  readonly mean: number;
  readonly deviation: number;
}

/** An encoder as JSON. */
export interface TableEncoderJson {
  readonly version: 1;
  readonly parts: readonly Part[];
  readonly target: TargetPart | null;
}
