import type { Completable } from './completable.js';

/** In single quotes, with what zsh's _arguments and _describe read as more than a letter. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[[\]:\\]/g, String.raw`\$&`).replaceAll("'", String.raw`'\''`)}'`;
}

export function zsh(commands: readonly Completable[]): string {
  const described = commands.map(({ name, about }) => `    ${name}:${quoted(about)}`);
  const cases = commands.map(({ name, options }) => {
    const specs = options.map(({ flag, about, takesValue }) => {
      const spec = quoted(about);
      return `${flag}"["${spec}"]"${takesValue ? ':value:_files' : ''}`;
    });
    return `    ${name}) _arguments ${[...specs, "'*:file:_files'"].join(' ')} ;;`;
  });
  return `#compdef vogjs
_vogjs() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _vogjs vogjs
`;
}
