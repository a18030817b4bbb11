import { VogError } from '@vogjs/base';

/** The environment variable that asks for exact convolutions with `1`. */
const VARIABLE = 'VOGJS_EXACT_CONVOLUTIONS';

const { process } = globalThis as { readonly process?: { readonly env?: Readonly<Record<string, string>> } };
let exact = process?.env?.[VARIABLE] === '1';

/**
 * Whether convolutions on WASM are computed by their definition alone. By default large 3 x 3 convolutions of stride 1,
 * and their input gradients, are computed by Winograd's products: in a fourth of the multiplications, and at two to three times
 * the rounding error, 1e-6 to 3e-6 of the largest value. `VOGJS_EXACT_CONVOLUTIONS=1` in the environment does the same.
 *
 * @param on Whether they are exact from now on, on every wasm backend of this process or page.
 * @throws VogError 'ARGUMENT_INVALID' for what is neither true nor false.
 */
export function exactConvolutions(on: boolean): void {
  if (typeof on !== 'boolean') {
    throw new VogError('ARGUMENT_INVALID', `exactConvolutions() takes true or false, and was given ${String(on)}.`);
  }
  exact = on;
}

export const areConvolutionsExact = (): boolean => exact;
