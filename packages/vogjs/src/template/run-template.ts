import { basename } from 'node:path';
import process from 'node:process';
import { declareOptions } from '@vogjs/base/options';
import { selectBackend } from '@vogjs/core/node';
import { resolveConfig } from '../score/config/load.js';
import { defaultFolder } from '../score/follow/run-place.js';
import { prepare, sourceOf } from '../score/prepare.js';
import { planPart } from '../score/score-part.js';
import { gridOf } from '../score/shards/cut.js';
import { scoringOf } from '../score/shards/scoring-of.js';
import { composeTemplate } from './docker-compose.js';
import type { TemplateJob } from './job.js';
import { kubernetesTemplate } from './kubernetes.js';
import { scoreWords } from './score-words.js';
import { slurmTemplate } from './slurm.js';
import { TEMPLATE_OPTIONS } from './options.js';

const KINDS = { slurm: slurmTemplate, kubernetes: kubernetesTemplate, 'docker-compose': composeTemplate } as const;
const OPTIONS = declareOptions('vogjs template', TEMPLATE_OPTIONS);

const SHARDS = 8;
/** The program and TensorFlow.js. */
const PROGRAM_BYTES = 400e6;
/** Of what was measured on a part of the data, on this machine. */
const RESERVE = 2;
const SLOWER = 4;
const LEAST_MINUTES = 15;

/** `vogjs template` with what was typed; gives the exit code. */
export async function runTemplate(given: Readonly<Record<string, unknown>>): Promise<number> {
  const entries = Object.entries(given);
  const own = OPTIONS.resolve(Object.fromEntries(entries.filter(([name]) => name in TEMPLATE_OPTIONS)));
  const typed = Object.fromEntries(entries.filter(([name]) => !(name in TEMPLATE_OPTIONS)));
  const config = await resolveConfig(typed, own.config, process.cwd());
  const folder = config.out ?? defaultFolder(sourceOf(config));
  const { backend } = await selectBackend(config.backend);
  const work = await prepare(config);
  const { by } = own;
  const grid = gridOf(work.dataset, config.chunkSize);
  const most = by === 'rows' ? grid.chunks : scoringOf(work).checkpoints.count;
  const shards = own.shards ?? Math.min(SHARDS, most);
  const shard = { index: 1, of: shards };
  const { plan, checkpoints, secondsPerCheckpoint } = await planPart({ config, work, shard, by });
  const bytes = PROGRAM_BYTES + plan.stateBytes + (plan.workingBytes ?? 0);
  const job: TemplateJob = {
    name: jobName(folder),
    // The chunks that were planned with are those of all shards; the backend is the one that all of them have.
    words: [
      ...scoreWords({ ...config, backend, chunkSize: grid.chunkSize, out: folder }),
      ...(by === 'rows' ? [] : ['--by', by]),
    ],
    folder,
    shards,
    workers: own.workers ?? Math.min(SHARDS, shards),
    image: own.image,
    claim: own.claim,
    cores: backend === 'cpu' || backend === 'wasm' ? 1 : 4,
    megabytes: Math.ceil((RESERVE * bytes) / 1e8) * 100,
    minutes: Math.max(LEAST_MINUTES, Math.ceil((SLOWER * secondsPerCheckpoint * checkpoints) / 60)),
  };
  process.stdout.write(KINDS[own.kind](job));
  return 0;
}

/** What every engine takes as a name. */
function jobName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return name === '' ? 'vogjs' : `vogjs-${name}`;
}
