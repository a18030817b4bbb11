import { arch, cpus, platform } from 'node:os';
import process from 'node:process';
import { declareOptions } from '@vogjs/base/options';
import { selectBackend } from '@vogjs/core/node';
import { openRun, type Run } from '@vogjs/run';
import { UsageError } from '../usage-error.js';
import { resolveConfig } from './config/load.js';
import { HOW_OPTIONS, type ResolvedConfig, SCORE_OPTIONS } from './config/options.js';
import { beginRun, defaultFolder, lookAt } from './follow/run-place.js';
import { finishRun } from './outcome/finish.js';
import { exceeded, limitsOf } from './outcome/limits.js';
import { planLines } from './outcome/plan.js';
import { summaryOf } from './outcome/summary.js';
import { printSummary } from './outcome/terminal.js';
import { prepare, sourceOf } from './prepare.js';

/** Exit code where `--fail-above` says so. */
const EXCEEDED = 3;
const HOW = declareOptions('vogjs score', HOW_OPTIONS);

/** `vogjs score` with what was typed; gives the exit code. */
export async function runScore(given: Readonly<Record<string, unknown>>): Promise<number> {
  const howNames = Object.keys(HOW_OPTIONS);
  const entries = Object.entries(given);
  const how = HOW.resolve(Object.fromEntries(entries.filter(([name]) => howNames.includes(name))));
  const typed = Object.fromEntries(entries.filter(([name]) => !howNames.includes(name)));
  if (how.resume && how.plan) throw new UsageError('--plan writes nothing, so there is nothing for it to resume.');
  if (how.resume && how.config !== undefined) {
    throw new UsageError('--resume goes on with what the run was begun with: leave out --config.');
  }
  const config = how.resume ? await resumed(typed) : await resolveConfig(typed, how.config, process.cwd());
  return how.plan ? tellPlan(config, how.json) : score(config, how.json);
}

/** Scores, unless that is done already, and says what was found. */
async function score(config: ResolvedConfig, json: boolean): Promise<number> {
  const limits = limitsOf(config.failAbove ?? []);
  const folder = config.out ?? defaultFolder(sourceOf(config));
  const backend = await selectBackend(config.backend);
  const work = await prepare(config);
  const { dataset, model, notes } = work;
  const { config: identity, place } = await lookAt(folder, config, {
    data: dataset.fingerprint,
    model: model.hash,
  });
  let run: Run;
  if (place.before?.manifest.state === 'complete') {
    if (!json) console.log(`This run is done already: ${folder}`);
    run = place.before;
  } else {
    if (!json) console.log(`${dataset.source}: ${dataset.size} examples, to ${folder}, on ${backend.backend}`);
    const writer = await beginRun(place, {
      examples: dataset.size,
      classNames: dataset.classNames ?? null,
      config: identity,
      data: { source: dataset.source, fingerprint: dataset.fingerprint, kind: dataset.kind },
      model,
      backend: `${backend.backend} (${backend.version})`,
      machine: `${platform()} ${arch()}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'processor'}`,
      versions: { node: process.versions.node, [backend.backend]: backend.version },
      notes: [...dataset.notes, ...notes],
    });
    const followed = await work.follow(writer, folder, place.before, json ? () => {} : (line) => console.log(line));
    run = await finishRun(dataset, followed, writer, folder);
  }
  const summary = await summaryOf(run, folder);
  const failures = exceeded(limits, summary.issues);
  if (json) console.log(JSON.stringify({ ...summary, failures }));
  else {
    printSummary(summary);
    for (const failure of failures) console.error(`\nvogjs: ${failure}`);
  }
  return failures.length > 0 ? EXCEEDED : 0;
}

async function tellPlan(config: ResolvedConfig, json: boolean): Promise<number> {
  const backend = await selectBackend(config.backend);
  const work = await prepare(config);
  const plan = await work.plan();
  if (json) console.log(JSON.stringify({ backend: backend.backend, ...plan }));
  else console.log(planLines(plan, backend.backend).join('\n'));
  return 0;
}

/** The options that a run was begun with; what is typed beside them is checked against them later. */
async function resumed(typed: Readonly<Record<string, unknown>>): Promise<ResolvedConfig> {
  const { out } = typed;
  if (typeof out !== 'string') throw new UsageError('--resume needs --out: the folder of the run to go on with.');
  const { manifest } = await openRun(out);
  return SCORE_OPTIONS.resolve({ ...manifest.config, ...typed });
}
