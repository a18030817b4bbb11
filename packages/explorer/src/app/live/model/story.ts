// What a training has told so far, put together from its events: those of a tracker that is watched, and those that
// `vogjs score` and `recordRun` write into every run.
import { isRecord } from '@vogjs/base';
import { numberOf, numbersOf, textOf } from './read.js';
import { type LogEntry, wordsOf } from './words.js';
import type { WatchedMemory, WatchedScores } from '@vogjs/run/record';

/** A value after so many epochs. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Mean and percentile bands of a score after so many epochs. */
export interface BandPoint {
  readonly x: number;
  readonly mean: number;
  /** Below which lie 5, 25, 50, 75 and 95 %. */
  readonly bands: readonly number[];
}

/** Where training stood at a time. */
interface Mark {
  readonly when: number;
  readonly progress: number;
}

/** As many lines are shown; more scroll for ever. */
const MOST_LINES = 400;

/** Takes events in order; read it after any of them. */
export class Story {
  /** Loss, accuracy and other figures by name, over epochs. */
  readonly figures = new Map<string, Point[]>();
  readonly scores = new Map<string, BandPoint[]>();
  log: LogEntry[] = [];
  /** Of the first event and the last, in milliseconds since 1970. */
  begun: number | null = null;
  last: number | null = null;
  epochs: number | null = null;
  epoch = 0;
  /** Epochs gone by, with the part of the one in hand. */
  at = 0;
  progress: number | null = null;
  window: string | null = null;
  windows: readonly string[] = [];
  /** The last standing with scores, and after how many epochs it was. */
  standing: (WatchedScores & { readonly x: number }) | null = null;
  memory: WatchedMemory | null = null;
  checkpoints = 0;
  /** Milliseconds, in all. */
  scoring = 0;
  watching = 0;
  ended = false;
  /** Whether it came from a tracker that was watched: without that there are no scores. */
  watched = false;
  marks: Mark[] = [];

  /** @param epochs of the whole training, where that is known before it tells */
  constructor(epochs: number | null = null) {
    this.epochs = epochs;
  }

  take(event: unknown): void {
    if (!isRecord(event)) return;
    const type = textOf(event['type']);
    const when = Date.parse(textOf(event['when']));
    if (Number.isFinite(when)) {
      this.begun ??= when;
      this.last = when;
    }
    switch (type) {
      case 'watch':
        this.watched = true;
        this.ended = false;
        break;
      case 'position':
        this.#stand(event, when);
        return;
      case 'logs':
        this.#figuresAt(numberOf(event['epoch'], 0) + 1, numbersOf(event['logs']));
        break;
      case 'epoch':
        this.#epoch(event, when);
        break;
      case 'checkpoint':
      case 'standing': {
        const { window } = this;
        this.#checkpoint(event, when);
        if (this.window !== window && this.windows.length > 0) {
          this.#say({ kind: 'stage', text: `Stage ${this.window} begins`, when });
        }
        break;
      }
      case 'reset':
        this.#clear();
        break;
      case 'ended':
        this.ended = true;
        break;
    }
    const line = wordsOf(type, event, this);
    if (line !== null) this.#say({ ...line, when });
  }

  #say(line: LogEntry): void {
    this.log = [...this.log.slice(1 - MOST_LINES), line];
  }

  get isDone(): boolean {
    return this.progress === 1;
  }

  /** Share of the time that went by which scoring and watching took; null before there is any. */
  get shares(): { readonly scoring: number; readonly watching: number } | null {
    if (this.begun === null || this.last === null || this.last === this.begun) return null;
    const whole = this.last - this.begun;
    return { scoring: Math.min(1, this.scoring / whole), watching: Math.min(1, this.watching / whole) };
  }

  /** Milliseconds left, by how fast the later half of what is done went; null while that is not known. */
  get remaining(): number | null {
    const now = this.marks.at(-1);
    if (now === undefined || now.progress >= 1) return null;
    const then = this.marks.find(({ progress }) => progress >= now.progress / 2) ?? now;
    const gone = now.progress - then.progress;
    return gone > 0 ? ((now.when - then.when) / gone) * (1 - now.progress) : null;
  }

  #stand(position: Record<string, unknown>, when: number): void {
    this.epoch = numberOf(position['epoch'], this.epoch);
    this.epochs = numberOf(position['epochs'], this.epochs ?? Number.NaN);
    if (Number.isNaN(this.epochs)) this.epochs = null;
    const progress = numberOf(position['progress'], Number.NaN);
    const completed = numberOf(position['epochsCompleted'], this.epoch);
    this.progress = Number.isNaN(progress) ? null : progress;
    this.at = this.progress === null || this.epochs === null ? completed : rounded(this.progress * this.epochs);
    if (this.progress === null || !Number.isFinite(when)) return;
    // A training that is gone on with may stand where it was before.
    this.marks = this.marks.filter((mark) => mark.progress < progress);
    this.marks.push({ when, progress });
  }

  #checkpoint(event: Record<string, unknown>, when: number): void {
    const number = numberOf(event['checkpoint'], this.checkpoints);
    // `recordRun` tells of the same checkpoint before it is watched.
    if (event['type'] === 'standing' || number >= this.checkpoints) this.checkpoints = number + 1;
    if (isRecord(event['position']))
      this.#stand({ ...event['position'], epochs: event['epochs'] ?? this.epochs }, when);
    else this.at = number + 1;
    for (const [monitor, named] of Object.entries(isRecord(event['figures']) ? event['figures'] : {})) {
      if (isRecord(named)) {
        const own = Object.entries(numbersOf(named)).map(([name, value]) => [`${monitor}.${name}`, value] as const);
        this.#figuresAt(this.at, Object.fromEntries(own));
      } else this.#figuresAt(this.at, numbersOf({ [monitor.replace('_', '.')]: named }));
    }
    if (event['type'] !== 'standing') {
      if (!this.watched) this.scoring += numberOf(event['milliseconds'], 0);
      return;
    }
    this.scoring += numberOf(event['milliseconds'], 0);
    this.watching += numberOf(event['watching'], 0);
    this.window = textOf(event['window']);
    this.windows = Array.isArray(event['windows']) ? event['windows'].map(textOf) : [];
    if (isRecord(event['memory'])) this.memory = event['memory'] as unknown as WatchedMemory;
    const told = event['scores'];
    if (!isRecord(told) || !Array.isArray(told['columns']) || !Array.isArray(told['hardest'])) return;
    const scores = told as unknown as WatchedScores;
    for (const { name, mean, bands } of scores.columns) {
      put(this.scores, name, {
        x: this.at,
        mean: numberOf(mean, Number.NaN),
        bands: bands.map((each) => numberOf(each, Number.NaN)),
      });
    }
    if (scores.by !== null) this.standing = { ...scores, x: this.at };
  }

  /** An epoch as `vogjs score` tells it. */
  #epoch(event: Record<string, unknown>, when: number): void {
    const x = numberOf(event['epoch'], 0) + 1;
    if (!this.watched) {
      const progress = this.epochs === null ? null : Math.min(1, x / this.epochs);
      this.#stand({ epoch: x - 1, epochsCompleted: x, progress }, when);
    }
    this.#figuresAt(x, numbersOf({ loss: event['trainingLoss'] }));
    const figures = Object.entries(numbersOf(event['figures']));
    this.#figuresAt(x, Object.fromEntries(figures.map(([name, value]) => [name.replace('_', '.'), value])));
  }

  #figuresAt(x: number, values: Readonly<Record<string, number>>): void {
    for (const [name, y] of Object.entries(values)) put(this.figures, name, { x, y });
  }

  #clear(): void {
    this.figures.clear();
    this.scores.clear();
    this.marks = [];
    this.standing = null;
    this.checkpoints = this.scoring = this.watching = this.at = 0;
  }
}

/** Adds a point; what was told of later epochs was of a training that ended, and was gone on with from before. */
function put<P extends { readonly x: number }>(lines: Map<string, P[]>, name: string, point: P): void {
  const line = lines.get(name) ?? [];
  while (line.length > 0 && (line.at(-1) as P).x >= point.x) line.pop();
  line.push(point);
  lines.set(name, line);
}

/** So that the end of an epoch is the same place whoever tells of it: 7 / 12 of 12 is a little more than 7. */
const rounded = (epochs: number): number => Math.round(epochs * 1e6) / 1e6;
