import type { SeededRandom } from '@vogjs/base';

/**
 * Moves pictures by up to an eighth of their side, each by its own draw; what comes in at an edge repeats the edge.
 *
 * @param pixels `[count, height, width, channels]`
 * @param shape `[height, width, channels]`
 */
export function shifted(pixels: Float32Array, shape: readonly number[], random: SeededRandom): Float32Array {
  const [height = 0, width = 0, channels = 0] = shape;
  const moved = new Float32Array(pixels.length);
  const draw = (side: number): number => {
    const most = Math.floor(side / 8);
    return random.integer(2 * most + 1) - most;
  };
  const size = height * width * channels;
  for (let start = 0; start < pixels.length; start += size) {
    const [down, right] = [draw(height), draw(width)];
    for (let y = 0; y < height; y++) {
      const row = start + clamp(y - down, height) * width * channels;
      for (let x = 0; x < width; x++) {
        const from = row + clamp(x - right, width) * channels;
        moved.set(pixels.subarray(from, from + channels), start + (y * width + x) * channels);
      }
    }
  }
  return moved;
}

function clamp(at: number, side: number): number {
  return Math.max(0, Math.min(side - 1, at));
}
