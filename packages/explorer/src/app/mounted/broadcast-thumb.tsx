import type { BroadcastPicture } from '@vogjs/run/record';
import { useEffect, useRef } from 'preact/hooks';
import type { Broadcasts } from './broadcasts.js';

interface BroadcastThumbProps {
  readonly row: number;
  readonly size: { readonly width: number; readonly height: number };
  readonly broadcasts: Broadcasts;
}

/** The picture of a row, as the page that trains sends it. */
export function BroadcastThumb({ row, size, broadcasts }: BroadcastThumbProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isWanted = true;
    const context = canvas.current?.getContext('2d') ?? null;
    context?.clearRect(0, 0, size.width, size.height);
    broadcasts.picture(row, (picture) => {
      if (isWanted) context?.putImageData(imageOf(picture), 0, 0);
    });
    return () => {
      isWanted = false;
    };
  }, [row, broadcasts]);
  return <canvas ref={canvas} class="thumb tiny" width={size.width} height={size.height} aria-hidden />;
}

function imageOf({ width, height, channels, pixels }: BroadcastPicture): ImageData {
  const image = new ImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    for (let c = 0; c < 3; c++) image.data[4 * at + c] = pixels[at * channels + (channels === 1 ? 0 : c)] as number;
    image.data[4 * at + 3] = 255;
  }
  return image;
}
