import { kebab } from '../command/flags.js';
import { UsageError } from '../usage-error.js';
import type { ResolvedConfig } from './config/options.js';

/** An option that nothing reads beside the others is a mistake. */
export function refuseContradictions(config: ResolvedConfig): void {
  const { logits, checkpoints, model, layout, train, folds, network, target, imageSize, watch, idle, lag } = config;
  const { oodIn, oodOut, detectors } = config;
  const ofOod = { oodIn, oodOut, detectors };
  const ofTraining = { train, folds, network: network === 'auto' ? undefined : network };
  const ofSaved = { model, layout: layout === 'tfjs' ? undefined : layout, watch };
  if (watch === undefined) refuse('is for --watch', { idle, lag });
  else refuse('needs the last checkpoint, which may be gone with --watch', ofOod);
  if (logits !== undefined) {
    refuse('is not for stored logits', { checkpoints, ...ofSaved, ...ofTraining, ...ofOod, target, imageSize });
  } else if (checkpoints === undefined) {
    refuse("needs --checkpoints: the saved checkpoints, in quotes, such as 'ckpt/*'", ofSaved, '.');
    if (train !== undefined) refuse('is not for a network of your own', { network: ofTraining.network });
  } else refuse('is for a training, and with --checkpoints nothing is trained', ofTraining);
}

/** Of data of one kind, refuses the options of the others, and the other way round. */
export function refuseForeign(kind: string, is: boolean, ofIt: object, ofOthers: object): void {
  refuse(`is ${is ? 'not ' : ''}for ${kind}`, is ? ofOthers : ofIt);
}

function refuse(why: string, options: object, then = '. Leave it out.'): void {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (given !== undefined) throw new UsageError(`--${kebab(given[0])} ${why}${then}`);
}
