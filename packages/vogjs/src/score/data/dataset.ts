import { isDeepStrictEqual } from 'node:util';
import { VogError } from '@vogjs/base';
import type { ChunkSource, ExampleId } from '@vogjs/core';
import type { ImageMeasures } from '@vogjs/issues';
import type { TableEncoder } from '@vogjs/formats/tables';
import type { DataKind, MetaValues, ThumbPixels } from '@vogjs/run';

/** What is scored: examples with their names and labels, read a stretch at a time. */
export interface Dataset {
  readonly kind: DataKind;
  /** Where it comes from, as it was given. */
  readonly source: string;
  /** Tells these examples and labels from others. */
  readonly fingerprint: string;
  readonly size: number;
  readonly ids: readonly ExampleId[];
  readonly inputs: ChunkSource;
  /** Of each input of whole numbers how many there are; null for an input of reals. */
  readonly levels: readonly (number | null)[];
  /** `[N]`; undefined where nothing is known of the classes. */
  readonly labels: Int32Array | undefined;
  readonly classNames: readonly string[] | undefined;
  readonly paths?: readonly string[];
  readonly thumbs?: ThumbPixels;
  readonly meta?: Readonly<Record<string, MetaValues>>;
  /** `[N]`: the pictures at their own size, measured; by these bad ones and twins are found. */
  readonly images?: readonly (ImageMeasures | null)[];
  /** Pictures of any size were brought to one: so are those of other sets. */
  readonly isScaled?: boolean;
  /** Makes of other tables what was made of this one. */
  readonly encoder?: TableEncoder;
  /** What a reader of the scores should know: files left out, what was assumed. */
  readonly notes: readonly string[];
}

/** Examples beside the data, without labels, as the network of the data takes them. */
export type OtherExamples = Pick<Dataset, 'source' | 'fingerprint' | 'size' | 'ids' | 'inputs' | 'thumbs' | 'notes'>;

/** Refuses examples that the network of the data cannot take. */
export function refuseOtherShape(
  path: string,
  shape: readonly number[],
  { source, inputs }: Dataset,
  then: string,
): void {
  if (isDeepStrictEqual([...shape], inputs.shape)) return;
  throw new VogError(
    'INPUT_SHAPE',
    `An example of ${path} has the shape [${shape.join(', ')}], and one of ${source} [${inputs.shape.join(', ')}]. ${then}`,
  );
}
