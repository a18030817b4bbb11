import { fits, integer, oneOf, text } from '@vogjs/base/options';
import { HOW_OPTIONS } from '../score/config/options.js';

const { shards } = HOW_OPTIONS;

/** What `vogjs template` has beside the options of a run. */
export const TEMPLATE_OPTIONS = {
  kind: oneOf('slurm', 'kubernetes', 'docker-compose').required().about('slurm, kubernetes or docker-compose.'),
  config: HOW_OPTIONS.config,
  shards: shards.about('Number of shards.').optional('8, or the number of chunks or checkpoints'),
  by: HOW_OPTIONS.by.about(
    'What shards split: the examples, or the checkpoints where these are many and examples few.',
  ),
  workers: integer(1, 10_000).optional('8, or the number of shards').about('Shards that run at once.'),
  image: fits<string>('the name of an image, such as registry.example/vogjs:1', isImage)
    .optional('vogjs')
    .about('Container image with vogjs in it.'),
  claim: text().default('vogjs').about('Kubernetes: the PersistentVolumeClaim with the data and the run.'),
};

function isImage(value: unknown): boolean {
  return typeof value === 'string' && /^[\w./:@-]+$/.test(value);
}
