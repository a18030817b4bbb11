import { checkArgument, checkOf, listOf } from '@vogjs/base';
import { refuseUnknownKeys, VogError } from '@vogjs/core';
import { evaluateOod, type OodOptions, type OodPair } from '@vogjs/ood';
import { checkClasses, requireObject } from './checks.js';
import { checkPixelImages, type PixelImages, type PixelReader } from '@vogjs/formats/images';

const anyText = checkOf('a string', (value) => typeof value === 'string');

/** What is known of the examples of one side, beside their scores; all of it in the order of the scores. */
export interface ReportOodSide {
  /** What the set is called: "Fashion-MNIST test". */
  readonly name: string;
  readonly images?: PixelImages | PixelReader | undefined;
  /** One name per example; its position unless told. */
  readonly ids?: ArrayLike<string | number> | undefined;
  /** Predicted class index per example. */
  readonly predictions?: ArrayLike<number> | undefined;
  /** Class index per example, where the set has classes of the model. */
  readonly labels?: ArrayLike<number> | undefined;
}

/** An out-of-distribution set against the in-distribution one, as one or several detectors see them. */
export interface ReportOod {
  readonly in: ReportOodSide;
  readonly out: ReportOodSide;
  /** The scores of each detector on both sides, under the name to show; `scoreOod` of `@vogjs/ood` gives them. */
  readonly detectors: Readonly<Record<string, OodPair>>;
  /** The detector that the others are compared with; the first one unless told. */
  readonly reference?: string | undefined;
  /** The conventions of the figures. */
  readonly options?: OodOptions | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** Pictures of the most confident mistakes on each side; 12 unless told, 0 for none. */
  readonly gallerySize?: number | undefined;
}

/** @throws VogError PROBE_MISMATCH (lengths), INPUT_SHAPE (images), ARGUMENT_INVALID (no detector, gallery size) */
export function checkOod(ood: ReportOod): void {
  requireObject('ood', ood, '{ in, out, detectors }');
  if (ood?.classNames !== undefined) checkArgument('ood', 'classNames', ood.classNames, listOf(anyText));
  refuseUnknownKeys('ood', ood, ['in', 'out', 'detectors', 'reference', 'options', 'classNames', 'gallerySize']);
  const { in: inSide, out: outSide, detectors, options, gallerySize = 12 } = ood;
  requireObject('ood.detectors', detectors, 'the scores of each detector on both sides, { in, out }, by its name');
  const pairs = Object.entries(detectors);
  if (pairs.length === 0) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'ood.detectors is empty; a report needs the scores of at least one detector.',
    );
  }
  if (!Number.isInteger(gallerySize) || gallerySize < 0) {
    throw new VogError('ARGUMENT_INVALID', `ood.gallerySize is ${gallerySize}; it must be a whole number, 0 for none.`);
  }
  for (const [name, pair] of pairs) {
    requireObject(`ood.detectors.${name}`, pair, 'its scores on both sides, { in, out }');
    const { counts } = evaluateOod(pair.in, pair.out, options);
    checkSide(`ood.in`, inSide, counts.in, name);
    checkSide(`ood.out`, outSide, counts.out, name);
  }
}

function checkSide(where: string, side: ReportOodSide, size: number, detector: string): void {
  requireObject(where, side, '{ name, … }');
  refuseUnknownKeys(where, side, ['name', 'images', 'ids', 'predictions', 'labels']);
  if (typeof side.name !== 'string') {
    throw new VogError('ARGUMENT_INVALID', `${where}.name is ${String(side.name)}; say what the set is called.`);
  }
  for (const key of ['predictions', 'labels'] as const) if (side[key]) checkClasses(`${where}.${key}`, side[key]);
  for (const key of ['ids', 'predictions', 'labels'] as const) {
    const entries = side[key];
    if (!entries || entries.length === size) continue;
    throw new VogError(
      'PROBE_MISMATCH',
      `${where}.${key} has ${entries.length} entries, and the detector ${detector} ${size} scores; there must be one per ` +
        'example, in the same order.',
    );
  }
  if (side.images !== undefined) checkPixelImages(`${where}.images`, side.images, size);
}
