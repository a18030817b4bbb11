import type { GradientEngine } from '../gradients/input-gradient.js';
import type { ModelAdapter } from '../model/model.js';
import type { Probe, ProbeOptions } from '../probe/probe.js';
import type { Clock } from './clock.js';
import type { Logger } from './logger.js';

/** Parts of every pass that tests and users may replace. */
export interface ProvidedForPass {
  readonly modelAdapter?: ModelAdapter;
  readonly gradientEngine?: GradientEngine;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Our own parts of a pass, and what makes a probe: a page has them before it loads what passes over it. */
export interface OwnParts extends Required<ProvidedForPass> {
  readonly checkedProbe: (where: string, options: ProbeOptions) => Probe;
}
