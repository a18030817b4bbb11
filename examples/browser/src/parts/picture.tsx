import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Examples, nameOf, pixelsOf } from '../examples.js';

interface PictureProps {
  readonly examples: Examples;
  readonly index: number;
}

/** One example, pixel for pixel; styles scale it. */
export function Picture({ examples, index }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { side, channels } = examples;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const values = pixelsOf(examples, index);
    const image = context.createImageData(side, side);
    for (let i = 0; i < side * side; i++) {
      for (let c = 0; c < 3; c++) image.data[i * 4 + c] = values[channels === 1 ? i : i * 3 + c]!;
      image.data[i * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [examples, index]);
  return <canvas ref={canvas} width={side} height={side} role="img" aria-label={nameOf(examples, index)} />;
}
