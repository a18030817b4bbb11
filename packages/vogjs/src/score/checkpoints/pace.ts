/** How often something is looked at: half as often each time that it is busy, and then again as at first. */
export class Pace {
  private look: number;

  /** @param looks milliseconds between two looks: at first, and at most */
  constructor(private readonly looks: readonly [first: number, longest: number]) {
    [this.look] = looks;
  }

  /** Milliseconds until the next look. */
  rest(isBusy: boolean): number {
    const [first, longest] = this.looks;
    this.look = isBusy ? Math.min(longest, 2 * this.look) : first;
    return this.look;
  }
}
