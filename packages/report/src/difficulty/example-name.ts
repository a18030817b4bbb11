import { html, type Html } from '../markup/html.js';
import { wholeName } from '../markup/whole-name.js';
import type { Context } from './context.js';

/** An example by its name: whole and with a link to its file, where there is one. */
export function exampleName({ scores, input }: Context, example: number, kind = 'name'): Html {
  const id = String(scores.ids[example]);
  const link = input.links?.[example];
  return typeof link === 'string' ? html`<a class="${kind} file" href="${link}">${id}</a>` : wholeName(id, kind);
}
