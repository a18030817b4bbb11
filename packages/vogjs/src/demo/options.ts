import type { BackendName } from '@vogjs/core/node';
import { BACKENDS } from '../backend-names.js';
import { UsageError } from '../usage-error.js';

/** What the demo does, as typed or by default. */
export interface DemoOptions {
  readonly epochs: number;
  readonly examples: number;
  /** Share of the labels planted wrong. */
  readonly noise: number;
  readonly seed: number;
  readonly backend: 'auto' | BackendName;
  readonly out: string;
  readonly resume: boolean;
  /** Names of the options that were typed, so that a resumed run can refuse others than it began with. */
  readonly typed: readonly string[];
}

/** Images that the demo ships. */
const SHIPPED_EXAMPLES = 10_000;
export const DEMO_DEFAULTS = {
  epochs: 12,
  examples: SHIPPED_EXAMPLES,
  noise: 0.05,
  seed: 1,
  out: 'demo-output',
} as const;
const QUICK = { epochs: 6, examples: 2_000 } as const;
const CHOICES = ['auto', ...BACKENDS];

/** Checks what cac parsed; cac gives numbers for what looks like one, and strings or booleans else. */
export function readDemoOptions(raw: Readonly<Record<string, unknown>>): DemoOptions {
  const base = raw['quick'] === true ? QUICK : DEMO_DEFAULTS;
  const backend = raw['backend'] ?? 'auto';
  if (!CHOICES.includes(backend as string)) {
    throw new UsageError(`--backend must be one of ${CHOICES.join(', ')}; got '${String(backend)}'.`);
  }
  const out = raw['out'] ?? DEMO_DEFAULTS.out;
  if (typeof out !== 'string' || out === '') throw new UsageError(`--out must be a folder; got '${String(out)}'.`);
  return {
    epochs: integer(raw, 'epochs', base.epochs, 2, 1000),
    examples: integer(raw, 'examples', base.examples, 100, SHIPPED_EXAMPLES),
    noise: share(raw, 'noise', DEMO_DEFAULTS.noise),
    seed: integer(raw, 'seed', DEMO_DEFAULTS.seed, 0, 2 ** 31 - 1),
    backend: backend as DemoOptions['backend'],
    out,
    resume: raw['resume'] === true,
    typed: Object.keys(raw).filter((key) => key !== '--'),
  };
}

function integer(
  raw: Readonly<Record<string, unknown>>,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const value = raw[name] ?? fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}; got '${String(value)}'.`);
  }
  return value;
}

function share(raw: Readonly<Record<string, unknown>>, name: string, fallback: number): number {
  const value = raw[name] ?? fallback;
  if (typeof value !== 'number' || !(value > 0 && value <= 0.5)) {
    throw new UsageError(`--${name} must be a share above 0 and up to 0.5, such as 0.05; got '${String(value)}'.`);
  }
  return value;
}
