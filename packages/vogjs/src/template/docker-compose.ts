import type { TemplateJob } from './job.js';

const ADDRESS = 'redis://redis:6379';

/** A Redis, workers, and the command that waits for them. */
export function composeTemplate({ name, words, shards, workers, image, megabytes }: TemplateJob): string {
  const list = (all: readonly string[]): string => `[${all.map((word) => JSON.stringify(word)).join(', ')}]`;
  const from =
    image === undefined
      ? `    build:
      dockerfile_inline: |
        FROM node:22-slim
        RUN npm install --global vogjs @vogjs/queue
`
      : `    image: ${JSON.stringify(image)}
`;
  return `# Scores in ${shards} shards:
#   docker compose -f FILE run --rm score
#   docker compose -f FILE down --volumes
# Paths of the command are those of this folder, which each container has as /data.
name: ${name}
services:
  redis:
    image: redis:7
    # What is in the queue outlives a restart, and nothing is thrown out of it.
    command: ["redis-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction"]
    volumes: ["queue:/data"]
    restart: unless-stopped
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 5s
      timeout: 3s
      retries: 12
  worker:
${from}    working_dir: /data
    command: ${list(['vogjs', 'worker', '--queue', ADDRESS])}
    volumes: [".:/data"]
    depends_on:
      redis: { condition: service_healthy }
    restart: on-failure
    deploy:
      replicas: ${Math.min(workers, shards)}
      resources:
        limits: { memory: ${megabytes}M }
  score:
${from}    profiles: ["score"]
    working_dir: /data
    command: ${list([...words, '--queue', ADDRESS, '--shards', String(shards)])}
    volumes: [".:/data"]
    depends_on:
      redis: { condition: service_healthy }
      worker: { condition: service_started }
volumes:
  queue: {}
`;
}
