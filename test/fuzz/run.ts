// One case through product, oracle and judge; and many of them.
import { VogError } from '@vogjs/base';
import { type Case, generate } from './generate.js';
import { judge, type Verdict } from './judge.js';
import type { FloatOracle } from './oracle.js';
import { ask } from './product.js';

/** A verdict, or why the network itself does not run (then there is nothing to judge). */
export type Outcome = Verdict | { readonly unrunnable: string };

export async function tryCase(example: Case, oracle: FloatOracle): Promise<Outcome> {
  // Both at once: they are two processes. Every third case also goes through a pass over a probe.
  const [reference, answer] = await Promise.all([
    oracle.reference(example),
    ask(example, example.seed % 3 === 0).catch((error: unknown) =>
      isUnreadable(example, error) ? null : String(error),
    ),
  ]);
  if (answer === null) return { faults: [], smooth: 0, kinked: 0, exempted: 1 };
  if (typeof reference === 'string' && typeof answer === 'string') return { unrunnable: reference };
  const only = (kind: 'predict', text: string): Verdict => ({
    faults: [{ kind, text }],
    smooth: 0,
    kinked: 0,
    exempted: 0,
  });
  if (typeof reference === 'string') return only('predict', `runs here, but not in float64: ${reference}`);
  if (typeof answer === 'string') return only('predict', `runs in float64, but not here: ${answer}`);
  return judge(example, answer, reference);
}

/**
 * tfjs's own categoryEncoding reads its input at once, which WebGPU in Node refuses by code (docs/webgpu.md), and counts by
 * a kernel that tfjs-node has not: there the model itself does not run.
 */
function isUnreadable({ network }: Case, error: unknown): boolean {
  if (!network.nodes.some(({ layer }) => layer === 'categoryEncoding')) return false;
  if (error instanceof VogError) return error.code === 'BACKEND_UNAVAILABLE';
  return error instanceof Error && error.message === "Kernel 'DenseBincount' not registered for backend 'tensorflow'";
}

interface Found {
  readonly index: number;
  readonly example: Case;
  readonly verdict: Verdict;
}

export interface Summary {
  readonly tried: number;
  readonly found: readonly Found[];
  readonly unrunnable: readonly { readonly index: number; readonly name: string; readonly why: string }[];
  readonly smooth: number;
  readonly kinked: number;
  readonly exempted: number;
}

export interface TryOptions {
  /** A time of `performance.now`. */
  readonly until?: number;
  readonly onFault?: (found: Found) => Promise<void> | void;
}

/** The cases `from` to `to` of a seed. */
export function* casesOf(seed: number, from: number, to: number): Generator<[index: number, example: Case]> {
  for (let index = from; index < to; index++) yield [index, generate(seed, index)];
}

/** Tries cases on the active backend. */
export async function tryCases(
  cases: Iterable<readonly [number, Case]>,
  oracle: FloatOracle,
  { until = Infinity, onFault }: TryOptions = {},
): Promise<Summary> {
  const found: Found[] = [];
  const unrunnable: { index: number; name: string; why: string }[] = [];
  const counts = { tried: 0, smooth: 0, kinked: 0, exempted: 0 };
  for (const [index, example] of cases) {
    if (performance.now() > until) break;
    const outcome = await tryCase(example, oracle);
    counts.tried++;
    if ('unrunnable' in outcome) {
      unrunnable.push({ index, name: example.name, why: outcome.unrunnable });
      continue;
    }
    counts.smooth += outcome.smooth;
    counts.kinked += outcome.kinked;
    counts.exempted += outcome.exempted;
    if (outcome.faults.length === 0) continue;
    const one = { index, example, verdict: outcome };
    found.push(one);
    await onFault?.(one);
  }
  return { ...counts, found, unrunnable };
}
