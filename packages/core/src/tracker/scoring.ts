import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { declareOptions, fits, type InputOf, text } from '@vogjs/base/options';
import { settleDevice } from '@vogjs/backend';
import { ChunkGrid } from '../run/chunk-grid.js';
import { InitContexts } from '../run/init-contexts.js';
import { inject, injectable } from '../run/injection.js';
import { TOKENS } from '../run/tokens.js';
import type { Metric, MetricState } from '../metrics/metric.js';
import type { Probe } from '../probe/probe.js';
import { COMPLETE, type Segment, segmentsOf } from '../schedule/segments.js';
import { Scores } from '../scores/scores.js';
import type { Chunk } from '../pass/chunks.js';
import { yieldToHost } from '../pass/clock.js';
import { wordsOf } from '../plugin/words.js';
import { metricHooks } from '../run/metric-hooks.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { remarksOf, scoreNotes } from '../run/score-notes.js';
import type { StateStore } from '../run/state-store.js';

// Which windows there are, the tracker tells: a name that is none is METRIC_UNKNOWN, with a list of them.
const window = fits<string>('the name of a window', () => true)
  .default(COMPLETE)
  .about("A window's name; 'complete' is all checkpoints.");
const ofScores = declareOptions('scores', {
  window,
  column: text().optional('its first').about("A column's name, for a metric with several."),
});
const ofColumns = declareOptions('columns', { window });

/** Which scores of a metric. */
export type ScoresOptions = InputOf<typeof ofScores.entries>;

/** Turns states into scores. */
@injectable()
export class Scoring {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.stateStore) private readonly store: StateStore,
    @inject(ChunkGrid) private readonly grid: ChunkGrid,
    @inject(InitContexts) private readonly contexts: InitContexts,
  ) {}

  /** One column of the metric of this name, which may be left out when there is only one. */
  async scores(name: string | undefined, options: ScoresOptions): Promise<Scores> {
    const { window, column } = ofScores.resolve(options);
    const metric = await this.metricNamed(name);
    const columns = await this.read(metric, window, (names) => [columnOf(metric, names, column)]);
    return Object.values(columns)[0] as Scores;
  }

  /** Every column of a metric, in the metric's order, from one reading of its state. */
  async columns(name: string | undefined, options: Pick<ScoresOptions, 'window'>): Promise<Record<string, Scores>> {
    const { window } = ofColumns.resolve(options);
    return this.read(await this.metricNamed(name), window, (names) => names);
  }

  private async metricNamed(name: string | undefined): Promise<Metric> {
    await this.probe.prepare();
    return metricNamed(this.options.metrics, name);
  }

  private async read(
    metric: Metric,
    window: string,
    choose: (columns: readonly string[]) => readonly string[],
  ): Promise<Record<string, Scores>> {
    const torn = this.run.torn.get(metric.name);
    if (torn !== undefined) throw torn;
    const segments = this.segmentsFor(metric, window);
    const checkpoints = segments.reduce((sum, { name }) => sum + this.run.count(metric.name, name), 0);
    const values = new Map<string, Float32Array>();
    for (const chunk of this.grid.chunks) {
      const columns = tf.tidy(() => {
        const state = this.merged(metric, chunk, segments);
        const computed = metricHooks.compute(metric, state, { checkpoints, size: chunk.size }, this.run.checkpoints);
        // A metric may return a tensor of its state; the clone is what may be disposed.
        return Object.fromEntries(Object.entries(computed).map(([name, tensor]) => [name, tf.clone(tensor)]));
      });
      try {
        for (const name of choose(Object.keys(columns))) {
          const all = values.get(name) ?? new Float32Array(this.probe.size);
          all.set((await (columns[name] as tf.Tensor).data()) as Float32Array, chunk.start);
          values.set(name, all);
        }
      } finally {
        tf.dispose(columns);
      }
      await yieldToHost();
    }
    await settleDevice('while scores were computed');
    // Whatever a metric makes of a state that has seen nothing: it is no score.
    if (checkpoints === 0) for (const all of values.values()) all.fill(Number.NaN);
    const scoresOf = (column: string, columnValues: Float32Array): Scores =>
      new Scores({
        metric: metric.name,
        column,
        window,
        hardDirection: directionOf(metric, column),
        checkpoints,
        values: columnValues,
        ids: this.probe.ids,
        labels: this.probe.labels,
        classNames: this.probe.classNames,
        notes: scoreNotes({
          findings: this.run.findings,
          metric: remarksOf(metric),
          segments: segments.map(({ name }) => name),
          checkpoints,
          values: columnValues,
        }),
        words: wordsOf(metric.words, column),
      });
    return Object.fromEntries([...values].map(([column, all]) => [column, scoresOf(column, all)]));
  }

  private segmentsFor(metric: Metric, window: string): Segment[] {
    const all = segmentsOf(this.options.windows ?? {});
    if (window === COMPLETE) return all.filter(({ name }) => this.run.count(metric.name, name) > 0);
    const parts = all.filter(({ windows }) => windows.includes(window));
    if (parts.length === 0) {
      const known = [COMPLETE, ...Object.keys(this.options.windows ?? {})];
      throw new VogError('METRIC_UNKNOWN', `There is no window '${window}'. This tracker has: ${known.join(', ')}.`);
    }
    return parts;
  }

  private merged(metric: Metric, chunk: Chunk, segments: readonly Segment[]): MetricState {
    const states = segments.map(({ name }) =>
      this.store.get({ metric: metric.name, segment: name, chunk: chunk.index }),
    );
    const present = states.filter((state) => state !== undefined);
    const [first, ...rest] = present;
    if (first === undefined) return metricHooks.init(metric, this.contexts.of(chunk.size), this.run.checkpoints);
    return rest.reduce((a, b) => metricHooks.merge(metric, a, b, this.run.checkpoints), first);
  }
}

/** A tracker's metric by its name, which may be left out when there is only one. */
function metricNamed(metrics: readonly Metric[], name: string | undefined): Metric {
  const metric =
    name === undefined && metrics.length === 1 ? metrics[0] : metrics.find((candidate) => candidate.name === name);
  if (metric !== undefined) return metric;
  const asked = name === undefined ? 'Name the metric whose scores you want' : `There is no metric '${name}'`;
  const known = metrics.map((each) => each.name).join(', ');
  throw new VogError('METRIC_UNKNOWN', `${asked}. This tracker has: ${known}.`);
}

function columnOf(metric: Metric, names: readonly string[], asked: string | undefined): string {
  const chosen = asked ?? names[0];
  if (chosen === undefined || !names.includes(chosen)) {
    throw new VogError(
      'METRIC_UNKNOWN',
      `Metric '${metric.name}' has no column '${asked}'. It has: ${names.join(', ')}.`,
    );
  }
  return chosen;
}

function directionOf({ name, hardDirection }: Metric, column: string): 'high' | 'low' {
  if (typeof hardDirection === 'string') return hardDirection;
  const direction = Object.hasOwn(hardDirection, column) ? hardDirection[column] : undefined;
  if (direction === undefined) {
    throw new VogError('METRIC_INVALID', `Metric '${name}' gives no hardDirection for its column '${column}'.`, {
      plugin: { kind: 'metric', name },
    });
  }
  return direction;
}
