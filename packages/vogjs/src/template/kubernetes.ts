import type { TemplateJob } from './job.js';
import { shellQuoted } from './score-words.js';

/** An Indexed Job, a shard an index, and a suspended one that merges. */
export function kubernetesTemplate(job: TemplateJob): string {
  const { name, words, folder, shards, workers, image = 'vogjs', claim, cores, megabytes, minutes } = job;
  const score = `exec ${words.map(shellQuoted).join(' ')} --shard "$((JOB_COMPLETION_INDEX + 1))/${shards}"`;
  const pod = (container: string, command: string): string => `    spec:
      restartPolicy: Never
      containers:
        - name: ${container}
          image: ${quoted(image)}
          workingDir: /data
          command: ["/bin/sh", "-c"]
          args:
            - ${quoted(command)}
          resources:
            requests: { cpu: "${cores}", memory: ${megabytes}Mi }
            limits: { memory: ${megabytes}Mi }
          volumeMounts:
            - { name: data, mountPath: /data }
      volumes:
        - name: data
          persistentVolumeClaim: { claimName: ${quoted(claim)} }
`;
  return `# Scores in ${shards} shards, then joins them:
#   kubectl apply -f FILE
#   kubectl wait --for=condition=complete --timeout=-1s job/${name}
#   kubectl patch job/${name}-merge --type=merge -p '{"spec":{"suspend":false}}'
# Paths of the command are those below /data, which is the volume of the claim.
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
spec:
  completionMode: Indexed
  completions: ${shards}
  parallelism: ${Math.min(workers, shards)}
  # Of each shard, which goes on where it was. Other shards go on all the same.
  backoffLimitPerIndex: 3
  maxFailedIndexes: ${shards}
  podFailurePolicy:
    rules:
      # Wrong options would come again.
      - action: FailIndex
        onExitCodes: { containerName: shard, operator: In, values: [2] }
      # A node that is taken away is no failure.
      - action: Ignore
        onPodConditions:
          - { type: DisruptionTarget, status: "True" }
  template:
${pod('shard', score).replace('    spec:\n', `    spec:\n      activeDeadlineSeconds: ${60 * minutes}\n`)}---
apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}-merge
spec:
  suspend: true
  backoffLimit: 2
  template:
${pod('merge', `exec vogjs merge ${shellQuoted(folder)}`)}`;
}

/** A string of JSON is one of YAML. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
