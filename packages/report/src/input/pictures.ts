import { checkPixelImages, type PixelImages } from '@vogjs/formats/images';
import { refuseUnknownKeys, VogError } from '@vogjs/core';

/** Pixels of one example at a time, for more pictures than memory holds: only those that the page shows are asked for. */
export interface ReportPictures {
  /** Bytes of an example, `[height, width, channels]`. */
  readonly read: (example: number) => Uint8Array;
  /** [examples, height, width, channels] */
  readonly shape: readonly [number, number, number, number];
}

/** @throws VogError as `checkPixelImages` */
export function checkPictures(images: PixelImages | ReportPictures, size: number): void {
  if (!isRead(images)) return checkPixelImages('images', images, size);
  refuseUnknownKeys('images', images, ['read', 'shape']);
  const { read, shape } = images;
  if (typeof read !== 'function') {
    throw new VogError('ARGUMENT_INVALID', 'images.read must be a function that gives the bytes of one example.');
  }
  const length = Array.isArray(shape) ? shape.reduce((product, side) => product * Number(side), 1) : 0;
  checkPixelImages('images', { data: { length }, shape }, size);
}

/** Whether pictures are read one by one. */
export function isRead(images: PixelImages | ReportPictures): images is ReportPictures {
  return typeof images === 'object' && images !== null && 'read' in images;
}
