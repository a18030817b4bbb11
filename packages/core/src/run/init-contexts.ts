import { VogError } from '@vogjs/base';
import type { InitContext } from '../metrics/metric.js';
import type { Probe } from '../probe/probe.js';
import { inject, injectable } from './injection.js';
import type { TrackerOptions } from './options.js';
import type { RunState } from './run-state.js';
import { TOKENS } from './tokens.js';

/** What a metric's `init` is told. */
@injectable()
export class InitContexts {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
  ) {}

  /** Of a chunk of so many examples. */
  of(size: number): InitContext {
    const { inputShapes } = this.probe;
    const classes = this.run.classes ?? this.options.classes ?? this.probe.classes;
    return {
      size,
      inputShape: inputShapes[0] ?? [],
      inputShapes,
      get classes() {
        if (classes !== null) return classes;
        throw new VogError(
          'ARGUMENT_INVALID',
          'The number of classes is not known before the model is seen. Pass classes or classNames to createTracker, ' +
            'or one-hot labels, or ask after begin(model).',
        );
      },
    };
  }
}
