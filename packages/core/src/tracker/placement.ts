import type { Metric } from '../metrics/metric.js';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { TOKENS } from '../run/tokens.js';
import { checkForward, checkOngoing, type Position, positionAt } from '../schedule/position.js';
import { everyEpoch, isDue } from '../schedule/schedules.js';
import type { Due, Observation, Placed } from './pipeline.js';

/** Finds an observation's place in the run, and what is due there. */
@injectable()
export class Placement {
  constructor(
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
  ) {}

  /** @throws VogError ARGUMENT_INVALID for a position before the last one, or a step in an epoch that has ended */
  place(observation: Observation): Placed {
    const { at, asked } = observation;
    const { length, observed } = this.run;
    const position = checkForward(positionAt(at, length, observed), observed);
    if (!asked) checkOngoing(position, observed);
    return { ...observation, position };
  }

  /** What was asked for, or what the schedules say. */
  due(placed: Placed): Due {
    const { asked, position } = placed;
    const metrics = asked ? this.options.metrics : this.dueAt(position);
    if (!asked) this.run.observed = position;
    return { ...placed, metrics };
  }

  /** Metrics whose schedule says so, but for those that have scored these weights. */
  private dueAt(position: Position): Metric[] {
    const shared = this.options.schedule ?? everyEpoch();
    const scored = ({ name }: Metric): boolean => position.step > 0 && this.run.scoredSteps[name] === position.step;
    return this.options.metrics.filter(
      (metric) => isDue(metric.schedule ?? shared, position, this.run.observed) && !scored(metric),
    );
  }
}
