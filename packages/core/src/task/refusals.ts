import { VogError } from '@vogjs/base';
import { type Task, TASK_KINDS, type TaskKind } from './task.js';

/** What has a meaning in every task, as users call it. */
const EVERYWHERE = 'vog, csg, meanLoss, trajectoryVariance(loss), prototypicality';

/** Refuses a `task` that is none. */
export function checkTaskKind(where: string, task: unknown): void {
  if (task === undefined || TASK_KINDS.includes(task as TaskKind)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${where}: task must be ${TASK_KINDS.map((kind) => `'${kind}'`).join(', ')}, or left out; got ${typeof task === 'string' ? `'${task}'` : String(task)}.`,
  );
}

const KINDS = { Metric: 'metric', Resource: 'resource', Detector: 'detector' } as const;

/** Refuses what means nothing for the model's task, by name, with what has a meaning there. */
export function refuseForTask(
  what: keyof typeof KINDS,
  name: string,
  tasks: readonly TaskKind[] | undefined,
  task: Task,
): void {
  if (tasks === undefined || tasks.includes(task.kind)) return;
  const others = TASK_KINDS.filter((kind) => tasks.includes(kind));
  const way =
    what === 'Detector'
      ? 'Detectors of features alone, such as knn, assume no softmax.'
      : `For ${task.kind} there are: ${EVERYWHERE}.`;
  throw new VogError(
    'TASK_UNSUPPORTED',
    `${what} '${name}' has no meaning for this model (${task.description})${others.length === 0 ? '' : `; it has for: ${others.join(', ')}`}. ${way} ` +
      'Where the task was read wrongly, say it: task.',
    { plugin: { kind: KINDS[what], name } },
  );
}
