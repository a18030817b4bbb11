// Pictures: decoded, brought to a size, read from folders. Decoders are loaded with the first picture of their kind.
export type { FormatsErrorCode } from './error-codes.js';
export type { ImageFit } from './image/fit.js';
export type { DecodedImage } from './image/image.js';
export type { ResizeFilter } from './image/resize.js';
export { decodeImage } from './decoders/decode.js';
export type { ImageSource } from './image-folder/image-source.js';
export type { ImageFolderOptions } from './image-folder/options.js';
export { resizeImage, type ResizeOptions } from './image-folder/resize-image.js';
export type { BrokenPicture } from './image-folder/pictures.js';
export { type ImageFolder, readImageFolder } from './image-folder/read-image-folder.js';
export { type ImageParquet, type ImageParquetOptions, readImageParquet } from './parquet/read-image-parquet.js';
export { checkPixelImages, type PixelImages } from './pixels/pixel-images.js';
export { type PixelRange, pixelRangeOf } from './pixels/pixel-range.js';
export { shrunkPicture } from './pixels/shrunk-picture.js';
export type { ReadingNote, ReadingNoteCode } from './notes/notes.js';
