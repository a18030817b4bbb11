import type { NativeBackend } from '../native/native-backend.js';
import { differenceOf } from './compare.js';
import { whyNotOnGpu } from './functions.js';
import { nativeBackend } from './native.js';
import { Section } from './section.js';
import { openSession, type Session } from './session.js';
import { sameNumbers, type Trace } from './trace.js';
import { rememberVerified, verifiedOn } from './verified.js';

/** Sessions that are kept: of the chunk and the shorter last one, of first and later checkpoints, of metrics that rest. */
const MOST_SESSIONS = 16;
/** Recordings after which it is asked whether they were worth it. */
const TRIALS = 24;
/** Sections in a row that could not be recorded end the attempts. */
const MOST_OBSTACLES = 3;
/**
 * Recordings in a row that did not agree end the attempts. One may be off rightly: where a relu or a max pool has equal
 * inputs but for rounding, it goes one way here and the other way there.
 */
const MOST_DIFFERENCES = 3;

/** Runs sections as sessions of TensorFlow where they were recorded, and records those that were not. */
export class Recorder {
  /** Why sections run one operation at a time from now on; null while they are recorded. */
  reason: string | null = null;
  recorded = 0;
  replayed = 0;
  private sessions: Session[] = [];
  private backend: NativeBackend | null = null;
  private obstacles = 0;
  private differences = 0;
  private isInside = false;
  private isEnded = false;

  /** Seen once and not recorded, where that waits for the second time. */
  private seen: Trace[] = [];

  /**
   * @param from whether a section is recorded when it is first met, or when it is met again: for a single pass, of which
   * the first and the last chunk come once
   */
  constructor(private readonly from: 'first' | 'second') {}

  run<T>(section: () => T): T {
    const backend = nativeBackend();
    // A section inside a section is part of it.
    if (typeof backend === 'string' || this.reason !== null || this.isInside || this.isEnded) return section();
    if (backend !== this.backend) {
      this.close();
      this.reason = whyNotOnGpu(backend);
      if (this.reason !== null) return section();
    }
    this.backend = backend;
    const own = [...this.sessions.map(({ trace }) => trace), ...this.seen];
    // Read here: while the section runs another binding stands before the backend's.
    const { binding } = backend;
    const watched = new Section(backend, own, () => verifiedOn(binding));
    this.isInside = true;
    let isWhole = false;
    try {
      const result = watched.run(section);
      isWhole = true;
      return result;
    } finally {
      this.isInside = false;
      try {
        // What outlives a section that threw, such as the states of earlier consumers, is computed.
        if (isWhole) this.finish(watched, backend);
        else watched.compute();
      } finally {
        watched.end();
      }
    }
  }

  /** Closes all sessions; from then on sections simply run. A section that is running ends one operation at a time. */
  end(): void {
    this.isEnded = true;
    this.close();
  }

  private close(): void {
    for (const session of this.sessions) session.dispose();
    this.sessions = [];
    this.seen = [];
  }

  private finish(section: Section, backend: NativeBackend): void {
    if (section.obstacle !== null) {
      this.obstacles += 1;
      if (this.obstacles >= MOST_OBSTACLES) this.stop(section.obstacle);
      return;
    }
    if (section.isPromised && (this.replay(section) || this.reopen(section, backend))) return;
    const isKnown = section.matching.length > 0;
    section.compute();
    if (this.reason !== null || this.isEnded || section.trace.results.length === 0) return;
    if (this.from === 'first' || isKnown) this.record(section, backend);
    else this.seen = [section.trace, ...this.seen].slice(0, MOST_SESSIONS);
  }

  private replay(section: Section): boolean {
    const { matching, trace } = section;
    const session = this.sessions.find(
      (each) => matching.includes(each.trace) && sameNumbers(each.trace.results, trace.results),
    );
    if (session === undefined) return false;
    try {
      section.take(session.run(section.given));
    } catch (error) {
      this.stop(`TensorFlow could not run the recording: ${lineOf(error)}`);
      return false;
    }
    this.replayed += 1;
    this.obstacles = 0;
    if (this.sessions[0] !== session) this.sessions = [session, ...this.sessions.filter((each) => each !== session)];
    return true;
  }

  /** A recording that agreed before, in this process: it is loaded again, and its first chunk computed once. */
  private reopen(section: Section, { binding }: NativeBackend): boolean {
    if (this.reason !== null || this.isEnded) return false;
    const { matching, trace } = section;
    const known = verifiedOn(binding).find(
      (each) => matching.includes(each) && sameNumbers(each.results, trace.results),
    );
    if (known === undefined || !this.isWorthIt()) return false;
    this.recorded += 1;
    let session: Session | null = null;
    try {
      session = openSession(binding, known);
      section.take(session.run(section.given));
      this.keep(session);
      return true;
    } catch (error) {
      this.stop(`TensorFlow refused the recording: ${lineOf(error)}`);
      session?.dispose();
      return false;
    }
  }

  /**
   * The results of the session are taken in the first chunk already: every chunk is computed by the same program. Where
   * they differ, those of the operations one by one stand, and the next chunk is recorded anew.
   */
  private record(section: Section, { binding }: NativeBackend): void {
    if (!this.isWorthIt()) return;
    this.recorded += 1;
    let session: Session | null = null;
    try {
      session = openSession(binding, section.trace);
      const results = session.run(section.given);
      const difference = differenceOf(binding, section.computed(), results);
      if (difference === null) {
        section.take(results);
        this.keep(session);
        rememberVerified(binding, session.trace);
        this.differences = 0;
        return;
      }
      for (const { id } of results) binding.deleteTensor(id);
      this.differences += 1;
      if (this.differences >= MOST_DIFFERENCES)
        this.stop(`the recording does not agree with the operations one by one: ${difference}`);
    } catch (error) {
      this.stop(`TensorFlow refused the recording: ${lineOf(error)}`);
    }
    session?.dispose();
  }

  private isWorthIt(): boolean {
    if (this.recorded < TRIALS || this.replayed >= 2 * this.recorded) return true;
    this.stop('nearly every chunk is another computation');
    return false;
  }

  private keep(session: Session): void {
    this.sessions = [session, ...this.sessions];
    for (const old of this.sessions.splice(MOST_SESSIONS)) old.dispose();
  }

  private stop(reason: string): void {
    this.reason = reason;
    this.close();
  }
}

function lineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
