import { formatCount } from '../../markup/format.js';
import { heading, html, type Html } from '../../markup/html.js';
import type { Section } from '../../page/section.js';
import { pixelNote } from '../../pictures/pixel-note.js';
import { type Thumbnail, thumbnailQualities, thumbnailsOf } from '../../pictures/thumbnail.js';
import type { Context } from '../context.js';
import { pictureOf, tableOf } from './example.js';

/** Bytes of markup that all galleries of a metric may take together, so that its file stays below 1 MB. */
export const galleryBudget = 700_000;

/** How examples are shown: as pictures or as rows. */
type Display = (examples: readonly number[]) => Html;

interface Galleries {
  readonly hardest: Section;
  readonly easiest: Section;
  readonly display: Display;
  /** Examples at each end of a class that the budget has room for. */
  readonly perEnd: number;
  /** Is there room for all that is wanted, if only one example at each end of a class? */
  readonly fits: boolean;
}

/**
 * The ends of the ranking, over all examples and within each class. Without pictures: as tables. The hardest come apart
 * from the rest: they are what most readers open the page for.
 */
export function galleriesOf(context: Context, budget = galleryBudget): { hardest: Section | null; rest: Section[] } {
  const { input, ranking, classes } = context;
  if (ranking.length === 0 || input.gallerySize === 0) return { hardest: null, rest: [] };
  const { hardest, easiest, display, perEnd } = fitGalleries(context, budget);
  const wanted = classes.length > 1 && input.classGallerySize !== 0;
  return { hardest, rest: wanted ? [easiest, byClass(context, perEnd, display)] : [easiest] };
}

/** In the best quality of thumbnails that leaves room for one at each end of every class. */
function fitGalleries(context: Context, budget: number): Galleries {
  const { images } = context.input;
  if (!images) return layOut(context, budget, (examples) => tableOf(examples, context));
  let galleries: Galleries | undefined;
  for (const quality of thumbnailQualities) {
    const thumbnail = thumbnailsOf(images, quality);
    galleries = layOut(context, budget, (examples) => picturesOf(examples, context, thumbnail));
    if (galleries.fits) break;
  }
  return galleries!;
}

function layOut(context: Context, budget: number, display: Display): Galleries {
  const { ranking, input, classes } = context;
  const size = input.gallerySize ?? 24;
  const ends = [ranking.slice(0, size), ranking.slice(Math.max(0, ranking.length - size)).reverse()] as const;
  const [hardest, easiest] = [display(ends[0]), display(ends[1])];
  const count = formatCount(ends[0].length);
  const spent = hardest.markup.length + easiest.markup.length;
  const wanted = classes.length > 1 ? (input.classGallerySize ?? 8) : 0;
  const room = Math.floor((budget - spent) / (Math.max(1, classes.length) * (spent / ends[0].length)));
  return {
    hardest: {
      id: 'hardest',
      title: `The hardest ${count}`,
      body: html`<p>Hardest first. ${caption(context)}</p>
        ${hardest}`,
    },
    easiest: {
      id: 'easiest',
      title: `The easiest ${count}`,
      body: html`<p>Easiest first: the typical examples.</p>
        ${easiest}`,
    },
    display,
    perEnd: Math.max(0, Math.min(wanted, room)),
    fits: spent <= budget && room >= Math.min(1, wanted),
  };
}

function caption({ flags, flagName, input, scores }: Context): string {
  const parts = input.images
    ? [
        'The number at each example is its percentile of difficulty, 100 = hardest',
        scores.labels && ', and the class in bold is the label it was given',
        input.trueLabels && '; the true class stands below where it is another',
      ]
    : ['Percentiles are of difficulty, 100 = hardest'];
  const marked = flags ? ` A coloured edge marks ${flagName}.` : '';
  const pixels = pixelNote(input.images);
  return `${parts.filter(Boolean).join('')}.${marked}${pixels === null ? '' : ` ${pixels}`}`;
}

function picturesOf(examples: readonly number[], context: Context, thumbnail: (example: number) => Thumbnail): Html {
  return html`<ol class="gallery">
    ${examples.map((example) => pictureOf(example, context, thumbnail(example)))}
  </ol>`;
}

function byClass(context: Context, perEnd: number, display: Display): Section {
  const { ranking, scores, classes, classNameOf, flags, partLevel } = context;
  const [id, title] = ['by-class', 'Hardest and easiest of each class'];
  if (perEnd === 0) {
    const reason = `Galleries of ${formatCount(classes.length)} classes would make this file too large.`;
    return { id, title, body: html`<p>${reason} The scores themselves rank the examples of every class.</p>` };
  }
  const members = new Map<number, number[]>(classes.map((label) => [label, []]));
  for (const example of ranking) members.get(scores.labels![example]!)!.push(example);
  const parts = [...members]
    .filter(([, examples]) => examples.length > 0)
    .map(([label, examples]) => {
      // A small class is shown whole, once, not twice from both ends.
      const count = Math.min(perEnd, Math.ceil(examples.length / 2));
      const hardest = examples.slice(0, count);
      const easiest = examples.slice(Math.max(count, examples.length - count)).reverse();
      const flagged = flags ? examples.filter((example) => flags[example] === 1).length : 0;
      return html`<details class="class">
        <summary>
          ${classNameOf(label)}
          <span class="note"
            >${formatCount(examples.length)}
            ${examples.length === 1 ? 'example' : 'examples'}${flagged > 0 && `, ${formatCount(flagged)} flagged`}</span
          >
        </summary>
        ${heading(partLevel, 'Hardest')} ${display(hardest)}
        ${easiest.length > 0 && html`${heading(partLevel, 'Easiest')} ${display(easiest)}`}
      </details>`;
    });
  return {
    id,
    title,
    body: html`<p>By the label that was given. Open a class to look into it.</p>
      <div class="classes">${parts}</div>`,
  };
}
