/** Numbers on the host, row-major. */
export interface HostArray {
  readonly data: Float32Array | Float64Array | Int32Array;
  readonly shape: readonly number[];
}
