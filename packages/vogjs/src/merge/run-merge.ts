import { newsOf } from '../score/fetched/fetch-news.js';
import { mergeRun } from '../score/merge-run.js';
import { tellOutcome } from '../score/outcome/tell.js';

/** `vogjs merge` with what was typed; gives the exit code. */
export async function runMerge(given: Readonly<Record<string, unknown>>): Promise<number> {
  const { run: folder, json, ...typed } = given as { readonly run: string; readonly json?: boolean };
  const { run, limits, before } = await mergeRun(folder, typed, newsOf(json === true));
  if (before && json !== true) console.log(`This run is done already: ${folder}`);
  return tellOutcome(run, folder, limits, json === true);
}
