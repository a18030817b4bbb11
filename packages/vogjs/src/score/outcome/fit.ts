/** Columns of the narrowest terminal that people have. */
export const COLUMNS = 80;

/** Text in lines of at most `width` letters, the later ones with the same indent; a longer word has a line of its own. */
export function wrapped(text: string, indent = '', width = COLUMNS): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}

/** As much of the text as fits, with a sign where there is more. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** The end of a long name tells files apart. */
export function nameCell(text: string, width: number): string {
  return (text.length <= width ? text : `…${text.slice(1 - width)}`).padEnd(width);
}
