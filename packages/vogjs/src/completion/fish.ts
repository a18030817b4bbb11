import type { Completable } from './completable.js';

function quoted(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}

export function fish(commands: readonly Completable[]): string {
  const lines = commands.flatMap(({ name, about, options }) => [
    `complete -c vogjs -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
    ...options.map(
      (option) =>
        `complete -c vogjs -n '__fish_seen_subcommand_from ${name}' -l ${option.flag.slice('--'.length)}${option.takesValue ? ' -r' : ''} -d ${quoted(option.about)}`,
    ),
  ]);
  return `# fish completion of vogjs\n${lines.join('\n')}\n`;
}
