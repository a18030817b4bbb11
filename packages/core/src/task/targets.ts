import { classesOf, type GivenLabels } from '../labels/labels.js';
import { hasClasses, type Task } from './task.js';

/** Labels as the task reads them. */
export interface TaskTargets {
  /** One class per example; null where the labels are no classes. */
  readonly classes: Int32Array | null;
  /** Row-major `[size, units]`: multi-hot, or real targets; null where classes say it all. */
  readonly rows: Float32Array | null;
}

/** Reads labels as the task wants them; they were checked against it. */
export function targetsOf(task: Task, labels: GivenLabels): TaskTargets {
  if (hasClasses(task)) return { classes: classesOf(labels), rows: null };
  const { size, width, data } = labels;
  if (task.kind === 'regression' || width === task.units) return { classes: null, rows: Float32Array.from(data) };
  const rows = new Float32Array(size * task.units);
  for (const [i, unit] of classesOf(labels).entries()) rows[i * task.units + unit] = 1;
  return { classes: null, rows };
}
