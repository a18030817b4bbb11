import type { ScoreConfig } from './options.js';

/**
 * Names the options of `vogjs score` in a `vogjs.config.ts`, so that an editor knows them. Gives them back as they are;
 * the command checks them, and its flags win.
 *
 * ```ts
 * import { defineRun } from 'vogjs';
 *
 * export default defineRun({ logits: 'outputs/', labels: 'labels.csv', windows: 3 });
 * ```
 */
export function defineRun(config: ScoreConfig): ScoreConfig {
  return config;
}
