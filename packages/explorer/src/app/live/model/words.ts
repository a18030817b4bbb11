import { numberOf, numbersOf, textOf } from './read.js';

/** A line of the events. */
export interface LogEntry {
  /** Milliseconds since 1970; NaN where the event does not say. */
  readonly when: number;
  readonly kind: 'start' | 'epoch' | 'checkpoint' | 'stage' | 'warning';
  readonly text: string;
}

/** What was known before an event. */
interface Before {
  readonly epochs: number | null;
  /** A training that tells of its standings tells each checkpoint twice. */
  readonly watched: boolean;
}

type Line = Omit<LogEntry, 'when'>;

/** An event in words; null for what is no line of its own. */
export function wordsOf(type: string, event: Readonly<Record<string, unknown>>, before: Before): Line | null {
  const of = before.epochs === null ? '' : ` of ${before.epochs}`;
  const epoch = numberOf(event['epoch'], 0) + 1;
  const checkpoint = numberOf(event['checkpoint'], 0) + 1;
  switch (type) {
    case 'watch': {
      const metrics = Array.isArray(event['metrics']) ? event['metrics'].length : 0;
      const taken = numberOf(event['checkpoints'], 0);
      const goesOn = taken > 0 ? `, gone on with after ${counted(taken, 'checkpoint')}` : '';
      const examples = counted(numberOf(event['examples'], 0), 'example');
      return { kind: 'start', text: `Watching ${examples} by ${counted(metrics, 'metric')}${goesOn}` };
    }
    case 'logs':
      return { kind: 'epoch', text: `Epoch ${epoch}${of}${list(numbersOf(event['logs']))}` };
    case 'epoch':
      if (before.watched) return null;
      return { kind: 'epoch', text: `Epoch ${epoch}${of}${list(numbersOf(event['figures']))}` };
    case 'checkpoint':
      if (before.watched) return null;
      return { kind: 'checkpoint', text: `Checkpoint ${checkpoint} scored${seconds(event['milliseconds'])}` };
    case 'standing':
      return { kind: 'checkpoint', text: `Checkpoint ${checkpoint} scored${seconds(event['milliseconds'])}` };
    case 'diverged': {
      const total = numberOf(event['total'], Number.NaN);
      const some = Number.isNaN(total) ? '' : ` for ${numberOf(event['examples'], 0)} of ${total} examples`;
      const left = event['skipped'] === false ? '' : ', and is left out of the scores';
      return { kind: 'warning', text: `Checkpoint ${checkpoint} diverged${some}${left}` };
    }
    case 'failed':
      return { kind: 'warning', text: `${textOf(event['name'])}: ${textOf(event['message'])}` };
    case 'reset':
      return { kind: 'start', text: 'The tracker was reset: it begins anew' };
    case 'ended':
      return { kind: 'start', text: 'The tracker was disposed: nothing more comes' };
    default:
      return null;
  }
}

const counted = (count: number, one: string): string => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

function seconds(milliseconds: unknown): string {
  const value = numberOf(milliseconds, Number.NaN);
  return value > 0 ? ` in ${(value / 1000).toPrecision(2)} s` : '';
}

function list(values: Readonly<Record<string, number>>): string {
  const told = Object.entries(values).slice(0, 4);
  if (told.length === 0) return '';
  return `: ${told.map(([name, value]) => `${name.replaceAll('_', ' ')} ${Number(value.toPrecision(3))}`).join(', ')}`;
}
