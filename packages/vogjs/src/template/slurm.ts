import type { TemplateJob } from './job.js';
import { shellQuoted } from './score-words.js';

/** A job array, a shard a task. */
export function slurmTemplate({
  name,
  words,
  folder,
  shards,
  workers,
  cores,
  megabytes,
  minutes,
}: TemplateJob): string {
  const hours = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:00`;
  const score = ['npx', ...words].map(shellQuoted).join(' ');
  const merge = `npx vogjs merge ${shellQuoted(folder)}`;
  return `#!/bin/bash
# Scores in ${shards} shards. Run it in the folder where vogjs is installed:
#   job=$(sbatch --parsable FILE)
#   sbatch --dependency=afterok:$job --job-name=${name}-merge --wrap=${shellQuoted(merge)}
# Memory and time are measured on a part of the data, with a reserve. Give the same file again for what has failed.
#SBATCH --job-name=${name}
#SBATCH --array=1-${shards}${workers < shards ? `%${workers}` : ''}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=${cores}
#SBATCH --mem=${megabytes}M
#SBATCH --time=${hours}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=${name}-%A-%a.log

${score} --shard "$SLURM_ARRAY_TASK_ID/${shards}"
code=$?
# 1 and 2 are wrong data or options, which would come again. What was killed goes on where it was, three times.
if [ "$code" -gt 2 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$code"
`;
}
