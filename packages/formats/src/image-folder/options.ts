import {
  anyOf,
  callable,
  declareOptions,
  type Entries,
  fits,
  finite,
  flag,
  type InputOf,
  integer,
  listOf,
  oneOf,
  type ResolvedOf,
  text,
} from '@vogjs/base/options';
import type { DecodedImage } from '../image/image.js';

const side = integer(1, 16384);

/** What every reader of pictures takes. */
export const imageOptions = {
  size: anyOf(
    side,
    fits<readonly [number, number]>(
      '[height, width]',
      (value) =>
        Array.isArray(value) &&
        value.length === 2 &&
        value.every((each) => Number.isInteger(each) && each >= 1 && each <= 16384),
    ),
  )
    .optional('the size of the pictures, if all are of one')
    .about('Height and width of every picture; one number for both.'),
  channels: oneOf(3, 1, 4).about('3 is RGB, 1 is grey, 4 keeps alpha.'),
  fit: oneOf('cover', 'contain', 'fill').about('Edges cut, bars added, or stretched.'),
  filter: oneOf('lanczos', 'area', 'bilinear', 'bicubic', 'nearest').about(
    'How pixels are weighed; all but nearest without aliasing.',
  ),
  background: listOf(integer(0, 255), 3)
    .default([255, 255, 255])
    .about('Red, green and blue under transparent pixels and of bars.'),
  range: fits<readonly [number, number]>(
    'two different finite numbers',
    (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] !== value[1],
  )
    .default([0, 1])
    .about('What black and white become.'),
  classNames: listOf(text(), 1).optional('the names that occur, sorted').about('Classes in the order of the model.'),
  decoder: oneOf('auto', 'sharp', 'javascript').about(
    'sharp decodes JPEG and WebP in threads; auto takes it where it is installed.',
  ),
  memory: integer(0)
    .default(2 ** 28)
    .about('Bytes of decoded pictures that are kept; where all do not fit, each read decodes anew.'),
  brokenLimit: finite().default(0.5).about('Share of broken pictures above which nothing is read.'),
  onProgress: callable<(done: number, total: number) => void>()
    .optional()
    .about('Told while the pictures are checked.'),
  onPicture: callable<(id: string, image: DecodedImage) => void>()
    .optional()
    .about('Given each picture at its own size and channels while the pictures are checked, in any order.'),
} satisfies Entries;

/** The same, resolved. */
export type ResolvedImageOptions = ResolvedOf<typeof imageOptions>;

/** Options of `readImageFolder`. */
export const folderOptions = declareOptions('readImageFolder', {
  ...imageOptions,
  labels: text()
    .default('folders')
    .about('folders: the folder of a picture is its class; none; or the path of a table, id and label.'),
  followLinks: flag().default(false).about('Whether links to files and folders are followed, also out of the folder.'),
});

/** What `readImageFolder` takes. */
export type ImageFolderOptions = InputOf<typeof folderOptions.entries>;
