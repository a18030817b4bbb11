import { declareOptions, oneOf } from '@vogjs/base/options';
import type { Command } from '../command/command.js';
import { bash } from './bash.js';
import { fish } from './fish.js';
import type { Completable } from './completable.js';
import { zsh } from './zsh.js';

const SHELLS = { bash, zsh, fish } as const;
const NAMES = Object.keys(SHELLS) as (keyof typeof SHELLS)[];

const options = declareOptions('vogjs completion', {
  shell: oneOf(...NAMES)
    .required()
    .about(`Shell: ${NAMES.join(', ')}.`),
});

/** Prints what a shell completes `vogjs` by. @param all the commands that there are, asked when it runs */
export function completionCommand(all: () => readonly Completable[]): Command {
  return {
    usage: 'completion <shell>',
    about: 'Print the completion of commands and options for bash, zsh or fish',
    examples: [
      'source <(vogjs completion bash)  # in ~/.bashrc',
      'vogjs completion zsh > "${fpath[1]}/_vogjs"',
      'vogjs completion fish > ~/.config/fish/completions/vogjs.fish',
    ],
    options,
    argument: 'shell',
    flags: {},
    run(given) {
      console.log(SHELLS[options.resolve(given).shell](all()).trimEnd());
      return Promise.resolve(0);
    },
  };
}
