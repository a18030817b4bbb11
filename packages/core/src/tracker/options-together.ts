import { VogError } from '@vogjs/base';
import { checkLabelRange } from '../labels/labels.js';
import type { Metric } from '../metrics/metric.js';
import type { Probe } from '../probe/probe.js';
import { needsOf } from '../resources/needs.js';
import type { TrackerOptions } from '../run/options.js';
import { checkWindows } from '../schedule/segments.js';
import { checkTaskKind } from '../task/refusals.js';
import { hasClasses } from '../task/task.js';
import { checkMonitors } from './monitors.js';

/**
 * What is wrong with a tracker's options, and how they fit together and with the probe, as far as no model tells.
 *
 * @throws VogError with the code of what is wrong
 */
export function checkTogether(options: TrackerOptions, probe: Probe): void {
  const {
    metrics,
    windows = {},
    chunkSize,
    memoryBudget,
    workingMemory,
    onError,
    onDiverged,
    models,
    recorded,
    classes,
    schedule,
    task,
  } = options;
  checkTaskKind('createTracker', task);
  if (!Array.isArray(metrics) || metrics.length === 0) {
    throw new VogError('METRIC_INVALID', 'metrics is empty. Give at least one, such as vog().');
  }
  const names = new Set<string>();
  for (const metric of metrics) {
    if (typeof metric?.update !== 'function') throw new VogError('METRIC_INVALID', noMetric(metric));
    if (names.has(metric.name)) {
      throw new VogError(
        'METRIC_DUPLICATE',
        `Two metrics are named '${metric.name}'. Give one another name, such as vog({ name: 'vog-2' }).`,
      );
    }
    names.add(metric.name);
    const plugin = { kind: 'metric', name: metric.name } as const;
    if (Object.keys(windows).length > 0 && metric.merge === undefined) {
      throw new VogError(
        'METRIC_INVALID',
        `Metric '${metric.name}' has no merge, which windows need. Add merge, or leave out windows.`,
        { plugin },
      );
    }
    if (needsLabels(metric, task) && options.labels === undefined) {
      throw new VogError(
        'LABEL_INVALID',
        `Metric '${metric.name}' needs labels and the probe has none. Pass labels, or use a metric without them, such as vog({ label: 'predicted' }).`,
        { plugin },
      );
    }
    for (const { label, input } of needsOf([metric.requires]).gradients.values()) {
      if (input >= probe.inputShapes.length) {
        throw new VogError(
          'ARGUMENT_INVALID',
          `Metric '${metric.name}' wants the gradient of input ${input}; the probe has inputs 0 to ${probe.inputShapes.length - 1}.`,
          { plugin },
        );
      }
      if (label instanceof Int32Array && label.length !== probe.size) {
        throw new VogError(
          'INPUT_SHAPE',
          `Metric '${metric.name}' was given ${label.length} labels, and the probe has ${probe.size} examples. Give one label per example.`,
          { plugin },
        );
      }
    }
  }
  checkWindows(windows);
  const positive = (name: string, value: number | undefined): void => {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw new VogError('ARGUMENT_INVALID', `${name} must be a positive integer; got ${value}.`);
    }
  };
  positive('chunkSize', chunkSize);
  positive('memoryBudget', memoryBudget);
  positive('workingMemory', workingMemory);
  if (chunkSize !== undefined && workingMemory !== undefined) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'chunkSize and workingMemory were both given: a chunk size of your own leaves nothing to choose. Leave one out.',
    );
  }
  positive('classes', classes);
  for (const given of [schedule, ...metrics.map((metric) => metric.schedule)]) {
    if (given !== undefined && typeof given !== 'function') {
      throw new VogError('ARGUMENT_INVALID', `schedule must be a function, such as everyEpoch(); got ${typeof given}.`);
    }
  }
  oneOf('onError', onError, ['throw', 'quarantine']);
  oneOf('onDiverged', onDiverged, ['skip', 'refuse', 'stop']);
  oneOf('models', models, ['one', 'any']);
  if (recorded !== undefined && typeof recorded !== 'boolean') {
    throw new VogError('ARGUMENT_INVALID', `recorded must be true or false; got ${String(recorded)}.`);
  }
  const isOfClasses = task === undefined || hasClasses({ kind: task });
  if (isOfClasses && probe.given?.width === 1 && probe.labels !== null && probe.classes !== null) {
    checkLabelRange(probe.labels, probe.classes, 'the list of classes');
  }
  checkMonitors(options.monitors ?? []);
}

/** Whether a metric can do without labels in no way that the options allow for. */
function needsLabels({ requires }: Metric, task: TrackerOptions['task']): boolean {
  const { labels, gradients } = needsOf([requires]);
  if (task !== 'regression' || !labels) return labels;
  // The output of a regression is differentiated without a target.
  const others = Object.values(requires).filter(
    (resource) => !['logit', 'softmax'].includes(resource.needs?.gradient?.activation as string),
  );
  return gradients.size === 0 || needsOf([Object.fromEntries(others.map((one) => [one.key, one]))]).labels;
}

function noMetric(given: unknown): string {
  // Its rejection, if any, is not what went wrong here.
  if (given instanceof Promise) {
    given.catch(() => {});
    return (
      'metrics holds a promise, not a metric. Await it: await prototypicality(model, probe) and its like give scores of ' +
      'their own, beside the tracker; a factory of your own may give a metric.'
    );
  }
  if (Array.isArray(given)) return 'metrics holds an array, not a metric. Spread it: metrics: [...vogOodMetrics()].';
  return `metrics holds ${given === null ? 'null' : typeof given}, not a metric. Call its factory: vog(), not vog; or make one with defineMetric.`;
}

function oneOf(name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.includes(value as string)) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `${name} must be ${known.map((word) => `'${word}'`).join(' or ')}; got '${String(value)}'.`,
  );
}
