import { anything, checkOptions } from '@vogjs/base';
import { Probe, type ProbeOptions } from './probe.js';

/**
 * The examples of a pass, checked as far as they can be without reading them.
 *
 * @throws VogError ARGUMENT_INVALID, PROBE_EMPTY, INPUT_SHAPE, INPUT_NOT_FINITE, IDS_DUPLICATE, LABEL_INVALID
 */
export function checkedProbe(where: string, options: ProbeOptions): Probe {
  checkOptions(where, options, { inputs: anything, labels: anything, ids: anything, classNames: anything });
  return new Probe(options);
}
