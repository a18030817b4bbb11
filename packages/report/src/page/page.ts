import { html, type Html } from '../markup/html.js';
import type { Section } from './section.js';
import { stylesWith } from './styles.js';

/**
 * A whole page: a header, a navigation, sections.
 *
 * @param rules of the page's own style sheet, beyond the common ones
 * @returns the file, UTF-8
 */
export function pageOf(title: string, header: Html, sections: readonly Section[], rules: string): string {
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="VoG.js" />
        <title>${title}</title>
        ${stylesWith(rules)}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        ${header}
        <nav aria-label="Sections">
          <ul>
            ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
        <main id="content">
          ${sections.map(
            ({ id, title, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${title}</h2>
                ${body}
              </section> `,
          )}
        </main>
        <footer>
          <p>Made by VoG.js. This file is complete in itself: it runs no script and asks nothing of the network.</p>
        </footer>
      </body>
    </html> `;
  // Half a character, of a name that was cut before it came here, is no text and no UTF-8.
  return markup.replace(/\p{Surrogate}/gu, '\uFFFD');
}
