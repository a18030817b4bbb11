import type { ScorableModel } from '../model/model.js';
import { ChunkGrid } from '../run/chunk-grid.js';
import { inject, injectable } from '../run/injection.js';
import { lengthen } from '../run/lengthen.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { TOKENS } from '../run/tokens.js';
import type { RunLength } from '../schedule/position.js';
import { enforceBudget } from './budget.js';
import { FollowedModel } from './followed-model.js';
import { MonitorTurns } from './monitor-turns.js';
import { type Plan, Planner } from './planner.js';
import { Preflight } from './preflight.js';
import { checkRunLength } from './tracker-arguments.js';

/** Everything that is done once with a model, before its first checkpoint. */
@injectable()
export class Beginning {
  constructor(
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(ChunkGrid) private readonly grid: ChunkGrid,
    @inject(FollowedModel) private readonly followed: FollowedModel,
    @inject(Preflight) private readonly preflight: Preflight,
    @inject(Planner) private readonly planner: Planner,
    @inject(MonitorTurns) private readonly monitors: MonitorTurns,
  ) {}

  /** Checks everything that can be wrong before training, and chooses the chunk size where that is open. */
  async begin(model: ScorableModel, length: RunLength): Promise<Plan> {
    checkRunLength('begin', length);
    this.followed.follow(model);
    lengthen(this.run, length);
    this.preflight.checkLength();
    // Once a state is kept, or was loaded, its chunks are what they are.
    const open = this.grid.choice.from === 'shapes' && this.run.checkpoints === 0;
    const chosen = await this.preflight.checkModel(model, open);
    if (chosen !== null) this.grid.choose(chosen);
    const plan = this.planner.plan();
    enforceBudget(plan, this.options.memoryBudget);
    await this.monitors.begin(model);
    this.run.begun = true;
    return plan;
  }

  /** Checks a model that has not been seen: the first, or each of several where that was asked for. */
  async meet(model: ScorableModel): Promise<void> {
    if (this.run.begun) await this.followed.meet(model);
    else await this.begin(model, {});
  }
}
