import type { VogError } from '@vogjs/base';
import { type Address, unreachable } from './address.js';

/** How long a server has not answered: said once, and for so long only. */
export class Contact {
  private since = performance.now();
  private isTold = false;

  /**
   * @param patience milliseconds without an answer that are borne
   * @param tell told when the server is silent, and when it is there again
   */
  constructor(
    private readonly address: Address,
    private readonly patience: number,
    private readonly tell: (line: string) => void,
  ) {}

  /** It has answered. */
  heard(): void {
    this.since = performance.now();
    if (!this.isTold) return;
    this.isTold = false;
    this.tell(`The queue at ${this.address.shown} answers again.`);
  }

  /**
   * It has not answered.
   *
   * @throws VogError QUEUE_UNREACHABLE after too long
   */
  missed(why: string): void {
    const silent = performance.now() - this.since;
    const minutes = (milliseconds: number): string => `${Number((milliseconds / 60_000).toPrecision(2))} minutes`;
    if (silent >= this.patience) throw this.lost(`${why}, for ${minutes(silent)}`);
    if (this.isTold) return;
    this.isTold = true;
    this.tell(
      `The queue at ${this.address.shown} does not answer (${why}). It is waited for, ${minutes(this.patience)} at most.`,
    );
  }

  private lost(why: string): VogError {
    return unreachable(this.address, why);
  }
}
