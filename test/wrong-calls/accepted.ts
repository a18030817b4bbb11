// Wrong by the letter of the declaration, and taken all the same, with the reason why that is right. Read by eye.
export interface Accepted {
  readonly place: RegExp;
  readonly wrong: RegExp;
  readonly why: string;
}

export const accepted: readonly Accepted[] = [];
