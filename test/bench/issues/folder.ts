import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Where trainings and the scratch environment are kept between runs: VOGJS_BENCH_CACHE, or an ignored folder. */
export function cacheFolder(): string {
  return (
    process.env['VOGJS_BENCH_CACHE'] ?? join(fileURLToPath(new URL('../../../', import.meta.url)), '.scratch/issues')
  );
}
