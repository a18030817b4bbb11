import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../format.js';
import { examples, open, scored } from '../state.js';

const MARGIN = 34;
const GROUPS = ['never', 'up to a third', 'up to two thirds', 'more, not always', 'always'] as const;

function groupOf(correctness: number): number {
  if (correctness === 0) return 0;
  if (correctness === 1) return 4;
  return correctness <= 1 / 3 ? 1 : correctness <= 2 / 3 ? 2 : 3;
}

/** Confidence over variability, coloured by correctness (Swayamdipta et al. 2020, Fig. 1). */
export function DataMap() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const places = useRef<Float32Array>(new Float32Array());
  const [all, snapshot] = [examples.value, scored.value];

  function draw(): void {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || all === null || snapshot === null) return;
    const { width, height } = element.getBoundingClientRect();
    const density = devicePixelRatio;
    element.width = Math.round(width * density);
    element.height = Math.round(height * density);
    context.scale(density, density);
    const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name);
    const { variability, confidence, correctness } = snapshot;
    const x = (value: number): number => MARGIN + (value / 0.5) * (width - MARGIN - 8);
    const y = (value: number): number => height - MARGIN - value * (height - MARGIN - 10);
    context.strokeStyle = colour('--rule');
    context.fillStyle = colour('--muted');
    context.font = '12px system-ui, sans-serif';
    context.strokeRect(MARGIN, 10, width - MARGIN - 8, height - MARGIN - 10);
    context.textAlign = 'center';
    context.fillText('variability of the confidence →', MARGIN + (width - MARGIN) / 2, height - 8);
    context.fillText('0', MARGIN, height - 18);
    context.fillText('0.5', width - 16, height - 18);
    context.save();
    context.translate(12, (height - MARGIN) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText('confidence in the label →', 0, 0);
    context.restore();
    const at = new Float32Array(all.size * 2);
    context.globalAlpha = 0.8;
    for (let i = 0; i < all.size; i++) {
      at[2 * i] = x(Math.min(0.5, variability[i]!));
      at[2 * i + 1] = y(confidence[i]!);
      context.fillStyle = colours(colour)[groupOf(correctness[i]!)]!;
      context.beginPath();
      context.arc(at[2 * i]!, at[2 * i + 1]!, 2.6, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
    context.strokeStyle = colour('--ink');
    for (let i = 0; i < all.size; i++) {
      if (all.planted?.[i] !== 1) continue;
      context.beginPath();
      context.arc(at[2 * i]!, at[2 * i + 1]!, 4.6, 0, 2 * Math.PI);
      context.stroke();
    }
    places.current = at;
  }

  useEffect(() => {
    draw();
    const again = new ResizeObserver(draw);
    if (canvas.current) again.observe(canvas.current);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      again.disconnect();
      scheme.removeEventListener('change', draw);
    };
  }, [snapshot]);

  if (all === null || snapshot === null) return null;
  const counts = GROUPS.map((_, group) => snapshot.correctness.filter((share) => groupOf(share) === group).length);

  function pick({ offsetX, offsetY }: MouseEvent): void {
    let [nearest, closest] = [-1, 24 ** 2];
    const at = places.current;
    for (let i = 0; i < at.length / 2; i++) {
      const distance = (at[2 * i]! - offsetX) ** 2 + (at[2 * i + 1]! - offsetY) ** 2;
      if (distance < closest) [nearest, closest] = [i, distance];
    }
    if (nearest >= 0) void open(nearest);
  }

  return (
    <figure class="chart">
      <p class="legend">
        <span>Predicted as labelled:</span>
        {GROUPS.map((name, group) => (
          <span key={name}>
            <i class="swatch round" style={{ background: `var(--correct-${group})` }} />
            {name} ({formatCount(counts[group]!)})
          </span>
        ))}
        {all.planted !== null && (
          <span>
            <i class="swatch ring" />
            planted wrong
          </span>
        )}
      </p>
      <canvas
        ref={canvas}
        class="map"
        role="img"
        aria-label={`Data map of ${formatCount(all.size)} examples: confidence in the label over its variability. The legend counts them.`}
        onClick={pick}
      />
      <figcaption class="note">Click a point to see its example. The galleries open them by keyboard too.</figcaption>
    </figure>
  );
}

const colours = (colour: (name: string) => string): string[] => GROUPS.map((_, group) => colour(`--correct-${group}`));
