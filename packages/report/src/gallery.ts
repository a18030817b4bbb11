import type { Context, Section } from './context.js';
import { pictureOf, tableOf } from './example.js';
import { formatCount } from './format.js';
import { html, type Html } from './html.js';
import { thumbnailsOf, type Thumbnail } from './thumbnail.js';

/** Bytes of markup that all galleries may take together, so that the file stays below 1 MB. */
const galleryBudget = 700_000;

type Gallery = (examples: readonly number[]) => Html;

/**
 * The ends of the ranking, over all examples and within each class. Without pictures: as tables. The hardest come apart
 * from the rest: they are what most readers open the page for.
 */
export function galleriesOf(context: Context): { hardest: Section | null; rest: Section[] } {
  const { ranking, input, classes } = context;
  const thumbnail = input.images ? thumbnailsOf(input.images) : null;
  const show: Gallery = (examples) =>
    thumbnail ? picturesOf(examples, context, thumbnail) : tableOf(examples, context);
  const size = input.gallerySize ?? 24;
  const hardest = ranking.slice(0, size);
  const easiest = ranking.slice(Math.max(0, ranking.length - size)).reverse();
  if (hardest.length === 0) return { hardest: null, rest: [] };
  const ends: [Section, Section] = [
    {
      id: 'hardest',
      title: hardest.length === 1 ? 'The hardest' : `The hardest ${formatCount(hardest.length)}`,
      body: html`<p>Hardest first. ${caption(context)}</p>${show(hardest)}`,
    },
    {
      id: 'easiest',
      title: easiest.length === 1 ? 'The easiest' : `The easiest ${formatCount(easiest.length)}`,
      body: html`<p>Easiest first: the typical examples.</p>${show(easiest)}`,
    },
  ];
  const spent = ends[0].body.markup.length + ends[1].body.markup.length;
  const perEnd = classGallerySize(context, spent / (hardest.length + easiest.length), galleryBudget - spent);
  const classSections = classes.length > 1 && perEnd > 0 ? [byClass(context, perEnd, show)] : [];
  return { hardest: ends[0], rest: [ends[1], ...classSections] };
}

function caption({ flags, flagName, input, scores }: Context): string {
  const parts = [
    'The number at each example is its percentile of difficulty, 100 = hardest',
    scores.labels && ', and the class in bold is the label it was given',
    input.trueLabels && '; the true class stands below where it is another',
  ];
  const marked = flags ? ` A coloured edge marks ${flagName}.` : '';
  return `${parts.filter(Boolean).join('')}.${marked}`;
}

function picturesOf(examples: readonly number[], context: Context, thumbnail: (example: number) => Thumbnail): Html {
  return html`<ol class="gallery">${examples.map((example) => pictureOf(example, context, thumbnail(example)))}</ol>`;
}

function classGallerySize({ classes, input }: Context, bytesEach: number, budget: number): number {
  const wanted = input.classGallerySize ?? 8;
  return Math.min(wanted, Math.max(wanted > 0 ? 1 : 0, Math.floor(budget / (2 * classes.length * bytesEach))));
}

function byClass(context: Context, perEnd: number, show: Gallery): Section {
  const { ranking, scores, classes, classNameOf, flags } = context;
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
      return html`<details class="class"><summary>${classNameOf(label)} <span class="note">${formatCount(examples.length)} ${examples.length === 1 ? 'example' : 'examples'}${flagged > 0 && `, ${formatCount(flagged)} flagged`}</span></summary>
<h3>Hardest</h3>${show(hardest)}
${easiest.length > 0 && html`<h3>Easiest</h3>${show(easiest)}`}</details>`;
    });
  return {
    id: 'by-class',
    title: 'Hardest and easiest of each class',
    body: html`<p>By the label that was given. Open a class to look into it.</p><div class="classes">${parts}</div>`,
  };
}
