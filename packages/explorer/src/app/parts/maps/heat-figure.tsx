import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { figure } from '../words.js';
import type { Asked } from './ask-map.js';
import { factsOf, type Heat, paint } from './heat.js';

interface HeatFigureProps {
  readonly title: string;
  readonly asked: Asked;
  /** What its values are. */
  readonly children: ComponentChildren;
}

/** A map with its scale, in colours and in numbers. */
export function HeatFigure({ title, asked, children }: HeatFigureProps) {
  const { heat, failure, isWaiting } = asked;
  return (
    <figure class="heat" aria-busy={isWaiting}>
      <figcaption>
        <strong>{title}</strong>
      </figcaption>
      {heat !== null && <Drawn title={title} heat={heat} />}
      {isWaiting && heat === null && (
        <p class="note waits" role="status">
          Computing…
        </p>
      )}
      {failure !== null && (
        <p class="notice" role="alert">
          {failure}
        </p>
      )}
      <p class="note">{children}</p>
    </figure>
  );
}

function Drawn({ title, heat }: { readonly title: string; readonly heat: Heat }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useScheme();
  const facts = factsOf(heat);
  const { height, width } = heat;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const style = getComputedStyle(canvas.current);
    const image = context.createImageData(width, height);
    const [low, middle, high] = ['--surface', '--hard', '--ink'].map((name) => colourOf(style.getPropertyValue(name)));
    image.data.set(paint(heat, facts.most, [low!, middle!, high!]));
    context.putImageData(image, 0, 0);
  }, [heat, scheme]);
  const place = `row ${facts.row}, column ${facts.column} of ${height} × ${width}`;
  const half = `half of it in ${Number((100 * facts.half).toPrecision(2))} % of the pixels`;
  const words = Number.isNaN(facts.most)
    ? 'It is no number: the network had diverged.'
    : facts.most === 0
      ? 'It is 0 everywhere, in 32 bits.'
      : `Strongest at ${place}; ${half}.`;
  return (
    <>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={`${title}. ${words}`} />
      <p class="scale" aria-label={`Scale: linear, from 0 to ${figure(facts.most)}`} role="img">
        <span>0</span>
        <span class="ramp" />
        <span>{figure(facts.most)}</span>
      </p>
      <p class="note">{words}</p>
    </>
  );
}

/** Grows when the page goes dark or light: a canvas keeps its colours. */
function useScheme(): number {
  const [changes, change] = useState(0);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const told = (): void => change((count) => count + 1);
    query.addEventListener('change', told);
    return () => query.removeEventListener('change', told);
  }, []);
  return changes;
}

/** `#c2410c` or `#fff` */
function colourOf(hex: string): [number, number, number] {
  const digits = hex.trim().slice(1);
  const whole = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits;
  return [0, 2, 4].map((at) => Number.parseInt(whole.slice(at, at + 2), 16)) as [number, number, number];
}
