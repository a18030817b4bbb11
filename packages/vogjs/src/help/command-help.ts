import { COLUMNS, wrapped } from '../score/outcome/fit.js';

/** A part of cac's help. */
interface Section {
  readonly title?: string;
  readonly body: string;
}

/** A command's help: what it does, then usage, options and examples, within 80 columns. */
export function commandHelp(name: string, about: string, sections: readonly Section[]): Section[] {
  const rest = sections.slice(1).map(({ title = '', body }) => {
    const lines = body.split('\n');
    if (title === 'Options') return { title, body: lines.flatMap(wrappedOption).join('\n') };
    if (title === 'Examples') return { title, body: lines.map((line) => `  ${line}`).join('\n') };
    return { title, body };
  });
  return [{ body: wrapped(`vogjs ${name}: ${about}.`).join('\n') }, ...rest];
}

/** `  --port <n>  Port on this machine`: what follows the first line stands under its words. */
function wrappedOption(line: string): string[] {
  const [, flag = '', words = ''] = /^( {2}\S.*? {2,})(\S.*?) *$/.exec(line) ?? [];
  const [first = '', ...more] = wrapped(words, '', COLUMNS - flag.length);
  return [flag + first, ...more.map((part) => ' '.repeat(flag.length) + part)];
}
