/** An array of numbers with the shape it stands for; the first axis counts examples. */
export interface ShapedArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}
