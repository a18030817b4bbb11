import { kebab } from '../command/flags.js';
import { type ResolvedConfig, SCORE_OPTIONS } from '../score/config/options.js';

/** The words of a `vogjs score` that is asked for these options, without those that are as they are by themselves. */
export function scoreWords(config: ResolvedConfig): string[] {
  const words = ['vogjs', 'score', ...(config.data === undefined ? [] : [config.data])];
  for (const [name, option] of Object.entries(SCORE_OPTIONS.entries)) {
    const value: unknown = config[name as keyof ResolvedConfig];
    if (name === 'data' || value === undefined || value === option.fallback) continue;
    words.push(`--${kebab(name)}`, Array.isArray(value) ? value.join(',') : String(value));
  }
  return words;
}

/** For a POSIX shell. */
export function shellQuoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
