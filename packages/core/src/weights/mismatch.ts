import { editDistance, shown } from '@vogjs/base';

/** A weight that no tensor was found for. */
export interface MissingWeight {
  /** The tensor that was looked for. */
  readonly name: string;
  readonly shape: readonly number[];
  /** The layer's weight that wants it. */
  readonly weight: string;
}

/** What keeps a checkpoint from fitting a model. */
export interface Misfit {
  readonly missing: readonly MissingWeight[];
  /** Tensors found by name that do not fit, as sentences. */
  readonly wrong: readonly string[];
  readonly left: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

const MOST = 8;

/** All that does not fit, in one message; null where all does. */
export function misfitInWords({ missing, wrong, left }: Misfit): string | null {
  if (missing.length + wrong.length + left.length === 0) return null;
  const parts: string[] = [];
  if (missing.length > 0) {
    const items = missing.map((item) => {
      const near = nearest(item, left);
      return `${shown(item.name)} ${shapeOf(item.shape)} for ${item.weight}${near === null ? '' : ` (nearest: ${shown(near)})`}`;
    });
    parts.push(`${missing.length} missing: ${listed(items, '; ')}.`);
  }
  if (wrong.length > 0) parts.push(`${wrong.length} that do not fit: ${listed(wrong, '; ')}.`);
  if (left.length > 0) {
    const items = left.map(({ name, shape }) => `${shown(name)} ${shapeOf(shape)}`);
    parts.push(`${left.length} left over: ${listed(items, '; ')}.`);
  }
  return parts.join(' ');
}

/** Which layout reads names that look like those of another program than was said; nothing where they do not. */
export function layoutHint(layout: string, names: readonly string[]): string {
  const isTorch = names.some((name) => /\.(?:weight|running_mean)$/.test(name));
  const isKeras = names.some((name) => (layout === 'tfjs' ? KERAS_ALONE : KERAS_KERNEL).test(name));
  if (isTorch && layout !== 'torch') return " The names look like PyTorch's: try layout 'torch'.";
  return isKeras && layout !== 'keras' ? " The names look like Keras's: try layout 'keras'." : '';
}

const KERAS_KERNEL = /\/(?:kernel|gamma|embeddings)(?::\d+)?$/;
/** With a number behind, or a model in front: TensorFlow.js has neither. */
const KERAS_ALONE = /\/(?:kernel|gamma|embeddings):\d+$|\/.+\/(?:kernel|gamma|embeddings)$/;

export function shapeOf(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function listed(items: readonly string[], separator: string): string {
  const more = items.length - MOST;
  return [...items.slice(0, MOST), ...(more > 0 ? [`and ${more} more`] : [])].join(separator);
}

/** The left-over tensor that is probably meant: of the same shape where there is one, then by the fewest changed letters. */
function nearest({ name, shape }: MissingWeight, left: Misfit['left']): string | null {
  const alike = left.filter((tensor) => shapeOf(tensor.shape) === shapeOf(shape));
  const ranked = (alike.length > 0 ? alike : left)
    .map((tensor) => ({ name: tensor.name, distance: editDistance(name, tensor.name) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && (alike.length > 0 || best.distance <= name.length / 2) ? best.name : null;
}
