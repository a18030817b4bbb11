import { type DependencyContainer } from '../run/injection.js';
import { Beginning } from './beginning.js';
import { CheckpointPass } from './checkpoint-pass.js';
import { Checkpointing } from './checkpointing.js';
import { FollowedModel } from './followed-model.js';
import { MonitorTurns } from './monitor-turns.js';
import { ModelBinding } from './model-binding.js';
import { Placement } from './placement.js';
import { Preflight } from './preflight.js';
import { Scoring } from './scoring.js';
import { registerServices } from './services.js';

// In a page all that works with a model is one file: passes of their own load it too.
export { collectAll } from '../pass/collecting.js';
export { passOverProbe, passOverResources } from '../pass/visiting.js';

/** What works with a model, from its first check to every checkpoint, and what its states come to. */
export interface Training {
  readonly placement: Placement;
  readonly beginning: Beginning;
  readonly checkpointing: Checkpointing;
  readonly scoring: Scoring;
}

/** Registers and resolves them. */
export function trainingOf(scope: DependencyContainer): Training {
  registerServices(scope, [
    Placement,
    MonitorTurns,
    ModelBinding,
    FollowedModel,
    Preflight,
    CheckpointPass,
    Checkpointing,
    Beginning,
    Scoring,
  ]);
  return {
    placement: scope.resolve(Placement),
    beginning: scope.resolve(Beginning),
    checkpointing: scope.resolve(Checkpointing),
    scoring: scope.resolve(Scoring),
  };
}
