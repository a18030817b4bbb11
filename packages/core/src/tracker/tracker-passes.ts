import { RecordedPasses } from '@vogjs/backend';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import { TOKENS } from '../run/tokens.js';

/** How a tracker's checkpoints are computed; its sessions are closed when the tracker is disposed. */
@injectable()
export class TrackerPasses extends RecordedPasses {
  constructor(@inject(TOKENS.options) { recorded = true }: TrackerOptions) {
    super(recorded);
  }
}
