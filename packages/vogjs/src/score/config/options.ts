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
      .about(
        'Corrections of an earlier run of this data (corrections.csv): labels are changed, excluded examples left out.',
      ),
    classNames: listOf(text(), 2)
      .optional('the labels, sorted')
      .about('Names of the classes, in the order of the outputs.'),
    imageSize: integer(8, 1024).optional('their own up to 64, else 32').about('Side of the pictures in pixels.'),
    target: text().optional().about('Column of the table that is to be predicted.'),
    logits: text()
      .optional()
      .about(
        'Stored logits to score without a model: one .npy file [checkpoints, examples, classes], or a folder with one .npy file [examples, classes] per checkpoint.',
      ),
    model: text()
      .optional()
      .about('Network for the weights of --checkpoints: its model.json, or a module that exports it.'),
    checkpoints: text()
      .optional()
      .about(
        "Saved checkpoints, in quotes: 'ckpt/*' or 's3://bucket/ckpt/*'. They are folders with a model.json, or .safetensors or .npz files of named weights.",
      ),
    watch: integer(2, 100_000)
      .optional('all checkpoints are there')
      .about('Score checkpoints while a training saves them, until there are this many.'),
    idle: positive().optional('60').about('With --watch: end after this many minutes without a new checkpoint.'),
    lag: integer(1)
      .optional('every checkpoint is scored')
      .about('With --watch: skip older checkpoints when more than this many wait.'),
    layout: oneOf('tfjs', 'torch', 'keras').about(
      'How weights are named: tfjs, torch (a PyTorch state_dict) or keras.',
    ),
    network: oneOf('auto', 'cnn-small', 'mlp').about(
      'Network to train: cnn-small, mlp, or auto: cnn-small for images and mlp for rows.',
    ),
    train: text()
      .optional()
      .about('Module with your own network to train; its default export is ({ shapes, classes, seed }) => model.'),
    folds: integer(2, 20)
      .optional('none')
      .about('Train this many more times, each time without one part of the data: it finds wrong labels best.'),
    epochs: integer(1, 100_000).default(12).about('Epochs of training.'),
    batchSize: integer(1).default(64).about('Examples per training step.'),
    metrics: listOf(text(), 1)
      .optional('vog and all that need no gradient')
      .about("Metrics by name, with commas between them, or 'all'."),
    plugins: listOf(text(), 1)
      .optional('none')
      .about('Modules that export metrics of your own. Without --metrics those are computed too.'),
    windows: integer(2, 100)
      .optional('none')
      .about('Split the training into this many equal parts, and score each part too.'),
    oodIn: text()
      .optional('none')
      .about('In-distribution set for out-of-distribution detection: like the data, and not trained on.'),
    oodOut: listOf(text(), 1)
      .optional('none')
      .about(
        'Sets that the model was not made for, of the kind of the data; scored beside it, into the folder ood of the run.',
      ),
    detectors: listOf(text(), 1)
      .optional('msp, energy, vog')
      .about('Detectors that score the sets of --ood-in and --ood-out; vog and the variances see all checkpoints.'),
    backend: oneOf('auto', ...BACKENDS).about(`${BACKENDS.join(', ')}, or auto: the fastest that works.`),
    seed: integer(0, 2 ** 31 - 1)
      .default(1)
      .about('Seed of all random numbers.'),
    chunkSize: integer(1).optional('measured').about('Examples per pass.'),
    out: text()
      .optional('runs/ and the name of the data')
      .about('Folder to write the run to. Shards and workers also take s3://bucket/prefix.'),
    failAbove: listOf(fits<string>("a kind of issue and a share, such as 'label-errors=0.02'", isLimit))
      .optional('none')
      .about('End with exit code 3 if a larger share is found, such as label-errors=0.02.'),
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
  resume: flag().default(false).about('Go on with the run in --out, with the options that it was begun with.'),
  plan: flag().default(false).about('Print memory, passes and minutes, and write nothing.'),
  shard: fits<string>('a shard i/n, such as 1/4', isShard)
    .optional('all')
    .about(
      'Score this part of the examples alone, of saved checkpoints or stored logits; vogjs merge joins the parts.',
    ),
  by: oneOf('rows', 'checkpoints').about(
    'What --shard, --workers and --queue split: the examples, or the checkpoints where these are many and examples few.',
  ),
  workers: fits<number | 'auto'>("a whole number from 1 to 256, or 'auto'", isWorkers)
    .optional('one process; without a number, one per free core')
    .about('Score saved checkpoints or stored logits in this many processes.'),
  live: flag().default(false).about('Show the training in the browser while it runs.'),
  port: integer(1, 65_535).optional('a free one').about('Port for --live on this machine.'),
  ...QUEUE_OPTIONS,
  json: flag().default(false).about('Print one JSON object and nothing else.'),
};
