import { checkOf } from '@vogjs/base';
import { declareOptions, fits, type InputOf, integer, text } from '@vogjs/base/options';
import type { PixelImages } from '@vogjs/formats/images';

export const isTracker = checkOf(
  'a tracker',
  (value) => typeof (value as { on?: unknown } | null)?.on === 'function' && 'columns' in (value as object),
);

export const declared = declareOptions('tensorBoard', {
  dir: text().required().about('The folder of this run: `tensorboard --logdir` of it or of the one above shows it.'),
  every: integer(1).default(1).about('Checkpoints from one entry to the next.'),
  hardest: integer(0, 400).default(24).about('How many of the hardest examples are listed and drawn; 0 for none.'),
  images: fits<PixelImages>(
    '{ data, shape: [examples, height, width, channels] }',
    (value) => typeof value === 'object' && value !== null,
  )
    .optional('no pictures')
    .about('Pixels of every example, in the order of the probe, as `renderReport` takes them.'),
});

/** What `tensorBoard` takes. */
export type TensorBoardOptions = InputOf<typeof declared.entries>;
