import { VogError } from '@vogjs/base';

/** The environment variable that asks for exact convolutions with `1`. */
const VARIABLE = 'VOGJS_EXACT_CONVOLUTIONS';

const { process } = globalThis as { readonly process?: { readonly env?: Readonly<Record<string, string>> } };
let exact = process?.env?.[VARIABLE] === '1';

let forwardFast = true;

/**
 * Whether convolutions on WASM are computed by their definition alone. By default large 3 x 3 convolutions of stride 1 are
 * computed by Winograd's products. These need a fourth to four ninths of the multiplications. Forward they round no
 * more than TensorFlow.js's own kernel. In input gradients they round up to twice as much, 1e-6 of the largest value.
 * `VOGJS_EXACT_CONVOLUTIONS=1` in the environment does the same.
 *
 * @param on Whether they are exact from now on, on every wasm backend of this process or page.
 * @throws VogError 'ARGUMENT_INVALID' for what is neither true nor false.
 */
export function exactConvolutions(on: boolean): void {
  exact = isOn('exactConvolutions', on);
}

/**
 * Whether forward passes on WASM take Winograd's products as well, where convolutions are not exact. They do by default.
 * Other digits than the definition's turn a relu or a max pool near a tie now and then, and VoG of that example moves by
 * up to 1e-2 of the largest. They turn no more of them from what float64 has than TensorFlow.js's own kernel does.
 *
 * @param on Whether they do from now on, on every wasm backend of this process or page. Default true.
 * @throws VogError 'ARGUMENT_INVALID' for what is neither true nor false.
 */
export function fastForwardConvolutions(on: boolean): void {
  forwardFast = isOn('fastForwardConvolutions', on);
}

function isOn(name: string, on: boolean): boolean {
  if (typeof on === 'boolean') return on;
  throw new VogError('ARGUMENT_INVALID', `${name}() takes true or false, and was given ${String(on)}.`);
}

export const areConvolutionsExact = (): boolean => exact;
export const isForwardFast = (): boolean => forwardFast;
