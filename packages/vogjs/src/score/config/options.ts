import {
  declareOptions,
  fits,
  flag,
  integer,
  type InputOf,
  listOf,
  oneOf,
  positive,
  type ResolvedOf,
  text,
} from '@vogjs/base/options';
import { BACKENDS } from '../../backend-names.js';
import { QUEUE_OPTIONS } from './queue-options.js';

/** The options of `vogjs score`: flags, and keys of `vogjs.config.ts`. */
export const SCORE_OPTIONS = declareOptions(
  'vogjs score',
  {
    data: text()
      .optional()
      .about(
        'What to score: a folder of pictures, a CSV or Parquet table, or an .npy file of examples; also s3://bucket/….',
      ),
    labels: text().optional().about('Labels: a CSV with the header id,label, or an .npy file of whole numbers.'),
    corrections: listOf(text(), 1)
      .optional('none')
      .about('What people decided, corrections.csv of a run of this data: labels changed, examples left out.'),
    classNames: listOf(text(), 2)
      .optional('the labels, sorted')
      .about('Names of the classes, in the order of the outputs.'),
    imageSize: integer(8, 1024).optional('their own up to 64, else 32').about('Side of the pictures in pixels.'),
    target: text().optional().about('Column of the table that is to be predicted.'),
    logits: text()
      .optional()
      .about(
        'Stored logits to score in place of a model: an .npy file [T, N, K], or a folder of one [N, K] a checkpoint.',
      ),
    model: text()
      .optional()
      .about('Network that takes the weights of --checkpoints: its model.json, or a module that exports it.'),
    checkpoints: text()
      .optional()
      .about(
        "Saved checkpoints, in quotes: 'ckpt/*' or 's3://bucket/ckpt/*'. Folders with a model.json, or .safetensors or .npz of weights by name.",
      ),
    watch: integer(2, 100_000)
      .optional('all are there')
      .about('Score checkpoints while a training saves them, until there are so many.'),
    idle: positive().optional('60').about('With --watch: ends after so many minutes without a new checkpoint.'),
    lag: integer(1)
      .optional('every checkpoint is scored')
      .about('With --watch: passes over older checkpoints where more than so many wait.'),
    layout: oneOf('tfjs', 'torch', 'keras').about(
      "Names of the weights: 'layer/kernel', a PyTorch state_dict's, or Keras's.",
    ),
    network: oneOf('auto', 'cnn-small', 'mlp').about(
      'Network to train where none is given: images cnn-small, rows mlp.',
    ),
    train: text()
      .optional()
      .about('Module whose default export makes the model to train: ({ shapes, classes, seed }) => model.'),
    folds: integer(2, 20)
      .optional('none')
      .about('Trains so often, each time without one part, for probabilities out of sample.'),
    epochs: integer(1, 100_000).default(12).about('Epochs of training.'),
    batchSize: integer(1).default(64).about('Examples a step.'),
    metrics: listOf(text(), 1)
      .optional('vog and all that need the forward pass alone')
      .about("Metrics by name, or 'all'."),
    plugins: listOf(text(), 1)
      .optional('none')
      .about('Modules that export metrics of your own; without --metrics they are taken as well.'),
    windows: integer(2, 100).optional('none').about('Equal stretches of training with scores of their own.'),
    backend: oneOf('auto', ...BACKENDS).about('Backend of TensorFlow.js; auto takes the fastest that works.'),
    seed: integer(0, 2 ** 31 - 1)
      .default(1)
      .about('Seed of everything random.'),
    chunkSize: integer(1).optional('measured').about('Examples a pass.'),
    out: text()
      .optional('runs/ and the name of the data')
      .about('Folder of the run; nothing outside it is written. Of shards and workers also s3://bucket/prefix.'),
    failAbove: listOf(fits<string>("a kind of issue and a share, such as 'label-errors=0.02'", isLimit))
      .optional('none')
      .about('Ends with exit code 3 where more than that share was found: label-errors=0.02.'),
  },
  { code: 'CONFIG_INVALID' },
);

export type ScoreConfig = InputOf<typeof SCORE_OPTIONS.entries>;
export type ResolvedConfig = ResolvedOf<typeof SCORE_OPTIONS.entries>;

function isLimit(value: unknown): boolean {
  const [kind = '', share = ''] = typeof value === 'string' ? value.split('=') : [];
  return /^[a-z-]+$/.test(kind) && /^\d*\.?\d+(e-?\d+)?$/.test(share) && Number(share) <= 1;
}

function isShard(value: unknown): boolean {
  const [, index, of] = (typeof value === 'string' ? /^([1-9]\d{0,8})\/([1-9]\d{0,8})$/.exec(value) : null) ?? [];
  return index !== undefined && Number(index) <= Number(of);
}

function isWorkers(value: unknown): boolean {
  return value === 'auto' || (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 256);
}

/** What only the command line has: how to run, not what. */
export const HOW_OPTIONS = {
  config: text()
    .optional('vogjs.config.ts, .mts, .js, .mjs or .json here, if there is one')
    .about('Configuration file.'),
  resume: flag().default(false).about('Go on with the run in --out, as it was asked for.'),
  plan: flag().default(false).about('Tell bytes, passes and minutes, and write nothing.'),
  shard: fits<string>('a shard i/n, such as 1/4', isShard)
    .optional('all')
    .about(
      'Score this part of the examples alone, of saved checkpoints or stored logits; vogjs merge joins the parts.',
    ),
  by: oneOf('rows', 'checkpoints').about(
    'What --shard is a part of: the examples, or the checkpoints where there are many of them and few examples.',
  ),
  workers: fits<number | 'auto'>("a whole number from 1 to 256, or 'auto'", isWorkers)
    .optional('this process; without a number the cores that are free')
    .about('Score saved checkpoints or stored logits in so many processes.'),
  live: flag()
    .default(false)
    .about('Show the training in the browser while it goes on, as vogjs explore shows the run.'),
  port: integer(1, 65_535).optional('a free one').about('Port of --live on this machine.'),
  ...QUEUE_OPTIONS,
  json: flag().default(false).about('Print one JSON object and nothing else.'),
};
