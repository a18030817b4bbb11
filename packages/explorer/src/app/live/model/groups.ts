import type { Point, Story } from './story.js';

/** A line of a chart. */
export interface Line {
  readonly name: string;
  /** How it is drawn, so that lines differ by more than colour. */
  readonly look: 'own' | 'held-out' | 'probe';
  readonly points: readonly Point[];
}

const LOOKS = ['own', 'held-out', 'probe'] as const;
const LOSS = /(^|[._])loss$/;
const ACCURACY = /(^|[._])(acc|accuracy|categoricalAccuracy|sparseCategoricalAccuracy|binaryAccuracy)$/;

/** What people call the figures of fit, of its validation data, and of a monitor. */
function lineOf(name: string, points: readonly Point[]): Line {
  if (name.startsWith('val_')) return { name: 'held out', look: 'held-out', points };
  if (name.startsWith('probe.')) return { name: 'scored examples', look: 'probe', points };
  if (name.includes('.')) return { name: name.split('.')[0] as string, look: 'probe', points };
  return { name: 'training', look: 'own', points };
}

function linesOf(story: Story, pattern: RegExp): Line[] {
  const lines = [...story.figures].filter(([name]) => pattern.test(name)).map(([name, points]) => lineOf(name, points));
  return LOOKS.flatMap((look) => lines.filter((line) => line.look === look));
}

export const lossLines = (story: Story): Line[] => linesOf(story, LOSS);
export const accuracyLines = (story: Story): Line[] => linesOf(story, ACCURACY);

/** Figures that no chart shows, by name, as they were last. */
export function otherFigures(story: Story): [string, number][] {
  return [...story.figures].flatMap(([name, points]) => {
    const last = points.at(-1);
    return LOSS.test(name) || ACCURACY.test(name) || last === undefined ? [] : [[name, last.y]];
  });
}
