import { tapeGradientEngine } from '../gradients/input-gradient.js';
import { modelAdapter } from '../model/adapter.js';
import type { OwnParts } from '../pass/provided.js';
import { checkedProbe } from '../probe/checked.js';
import { monotonicClock } from '../pass/clock.js';
import { consoleLogger } from '../pass/logger.js';

/** Parts of a pass that `provide` may replace, and what makes a probe: a page has them before it loads a pass. */
export const OWN_PARTS: OwnParts = {
  modelAdapter,
  gradientEngine: tapeGradientEngine,
  clock: monotonicClock,
  logger: consoleLogger,
  checkedProbe,
};
