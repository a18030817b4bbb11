import { classSection } from './class-scatter.js';
import { contextOf, type Section } from './context.js';
import { errorSection } from './error-chart.js';
import { factsSection } from './facts.js';
import { figuresSection } from './figures.js';
import { galleriesOf } from './gallery.js';
import { headline } from './headline.js';
import { histogramSection } from './histogram.js';
import { html } from './html.js';
import type { ReportInput } from './input.js';
import { readingSection } from './reading.js';
import { styles } from './styles.js';

/**
 * One self-contained HTML page about the difficulty of examples: no script, no request to anywhere, under 1 MB for
 * 10,000 examples. It follows the reader's light or dark preference, fits a phone, and prints.
 *
 * A section whose data is missing is left out: no predictions, no error chart; no images, tables in place of galleries.
 *
 * @returns the whole file, UTF-8
 * @throws VogError PROBE_MISMATCH (lengths that differ), INPUT_SHAPE (images), ARGUMENT_INVALID
 */
export function renderReport(input: ReportInput): string {
  const context = contextOf(input);
  const { hardest, rest } = galleriesOf(context);
  const sections = [
    figuresSection(context),
    hardest,
    histogramSection(context),
    errorSection(context),
    classSection(context),
    ...rest,
  ].filter((section): section is Section => section !== null);
  const shown = new Set(sections.map(({ id }) => id));
  sections.push(readingSection(context, shown), factsSection(context));
  return html`<!doctype html>
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
        <title>${input.title}</title>
        ${styles}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        ${headline(context)}
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
    </html> `.markup;
}
