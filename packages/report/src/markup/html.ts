/** Markup that is safe to put into a page as it is. Made by {@link html}; anything else is text and gets escaped. */
export class Html {
  constructor(readonly markup: string) {}
  toString(): string {
    return this.markup;
  }
}

type Content = Html | string | number | null | undefined | false | readonly Content[];

/**
 * A template of markup: what stands in the template is markup, what is put into it is escaped unless it is {@link Html}
 * itself. Attribute values must stand in double quotes. Null, undefined and false leave nothing.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  // The indentation of the source would be a tenth of the file.
  const parts = strings.map((string) => string.replace(/\n\s+/g, '\n'));
  return new Html(parts.reduce((markup, part, index) => markup + render(contents[index - 1]) + part));
}

/** Marks markup from a library that does its own escaping. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** A heading of a level that depends on where it stands. */
export function heading(level: number, text: string): Html {
  return new Html(`<h${level}>${escape(text)}</h${level}>`);
}

function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.markup;
  if (Array.isArray(content)) return content.map(render).join('');
  return escape(String(content));
}
