import { definitions } from '../markup/definitions.js';
import { capitalise } from '../markup/format.js';
import { oodReading } from '../ood/reading.js';
import type { Section } from '../page/section.js';
import type { Context } from './context.js';

/** What each number on this page means, and which way it points. Only what the page shows is explained. */
export function readingSection(context: Context, shown: ReadonlySet<string>): Section {
  const { scores, metric, flags, flagName, input, ranking } = context;
  const other = scores.hardDirection === 'high' ? 'low' : 'high';
  const entries: [term: string, meaning: string][] = [
    [
      metric.title,
      `${capitalise(metric.meaning)}. ${capitalise(scores.hardDirection)} = hard, ${other} = easy; the metric declares this, and nothing here was turned round after looking at the result. Hard does not mean wrong: an example may be rare, ambiguous, mislabelled or simply difficult.`,
    ],
  ];
  if (ranking.length > 0) {
    entries.push([
      'Percentile',
      'The share of examples that are easier. 100 = hardest, 0 = easiest, 50 = the middle. It can be compared between metrics and runs, which the raw score cannot.',
    ]);
  }
  if (flags && shown.has('figures')) {
    entries.push(
      [
        'AUROC',
        `Take one of the ${flagName} and one other example at random: how often is the first the harder of the two? 1 = always, 0.5 = a coin, below 0.5 = the score points the wrong way. The ${flagName} are the positive class.`,
      ],
      [
        'Precision, average precision',
        `Precision: of the hardest so many, the share that are ${flagName}. Average precision is its mean over all depths at which one is found. Higher is better; a random order reaches the share of ${flagName} among all examples.`,
      ],
    );
  }
  if (shown.has('error')) {
    entries.push([
      'Error by difficulty',
      'Share of wrong predictions, at the end of training, in each tenth of the ranking. If it rises to the right, the score has told apart, from training alone, what the model gets right and wrong. Tied scores share their errors evenly.',
    ]);
    if (Object.keys(input.windows ?? {}).length > 0) {
      entries.push([
        'Stages of training',
        'The same score from the checkpoints of one stage alone. Early on, the score follows what is learned first; later, what is still changing. The two can disagree, and may even point in opposite directions.',
      ]);
    }
  }
  if (shown.has('classes')) {
    entries.push([
      'Correlation and p',
      'r = 1: harder classes always have more errors; 0: no relation; −1: the reverse. Pearson measures a straight line, Spearman the order alone. p is two-sided: how often classes without any relation would show an r at least this far from 0. With few classes a large r is weak evidence. The published form averages absolute z-scores instead, which puts a class much easier than average beside one much harder.',
    ]);
  }
  if (shown.has('data-map')) {
    entries.push([
      'Confidence, variability, correctness',
      'Of the probability that the model gave to the label it was told: the mean over checkpoints, and the standard deviation. Correctness is the share of checkpoints at which that label was the likeliest. Ambiguous examples vary; wrong labels on clear pictures do not, they stay at the bottom.',
    ]);
  }
  if (shown.has('agreement')) {
    entries.push([
      'Agreement',
      'Metrics that agree say the same thing at different prices; metrics that do not agree measure different kinds of hard. Agreement makes neither of them right.',
    ]);
  }
  if (shown.has('suspects')) {
    entries.push([
      'Labels to check',
      'Ranked by difficulty alone, so that rare and ambiguous examples stand beside wrong labels. A proposal is what the model predicts; a model that has trained for long may have learned a wrong label by heart, and then proposes nothing.',
    ]);
  }
  if ([...shown].some((id) => id === 'ood' || id.startsWith('ood-'))) entries.push(...oodReading);
  return { id: 'reading', title: 'How to read this', body: definitions('reading', entries) };
}
