// Cuts a failing case down for as long as it fails in the same kind.
import type { Case } from './generate.js';
import type { Fault } from './judge.js';
import { type Config, modelOf, type Network, type NodeSpec } from './network.js';
import type { FloatOracle } from './oracle.js';
import { tryCase } from './run.js';

const without = (config: Config, key: string): Config =>
  Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));

/** The network without a node: whoever read it reads its first input instead. Null where that cannot be said. */
function withoutNode({ inputs, nodes }: Network, gone: number): Network | null {
  if (nodes.length < 2 || nodes.some(({ shared }) => shared === gone)) return null;
  const value = inputs.length + gone;
  const instead = nodes[gone]!.from[0]!;
  const moved = (from: number): number => (from === value ? instead : from > value ? from - 1 : from);
  const rest = nodes.flatMap((node, at): NodeSpec[] => {
    if (at === gone) return [];
    const shared = node.shared === undefined ? {} : { shared: node.shared > gone ? node.shared - 1 : node.shared };
    return [{ ...node, ...shared, from: node.from.map(moved) }];
  });
  return { inputs, nodes: rest };
}

/** Networks a little smaller than this one. */
function* smallerNetworks(network: Network): Generator<Network> {
  for (let at = 0; at < network.nodes.length; at++) {
    const cut = withoutNode(network, at);
    if (cut !== null) yield cut;
  }
  for (const [at, node] of network.nodes.entries()) {
    const replaced = (next: NodeSpec): Network => ({
      ...network,
      nodes: network.nodes.map((old, i) => (i === at ? next : old)),
    });
    if (node.network !== undefined) {
      for (const inner of smallerNetworks(node.network)) yield replaced({ ...node, network: inner });
    }
    for (const [key, value] of Object.entries(node.config)) {
      yield replaced({ ...node, config: without(node.config, key) });
      if (typeof value === 'number' && value > 1)
        yield replaced({ ...node, config: { ...node.config, [key]: value - 1 } });
    }
  }
}

function* smallerCases(example: Case): Generator<Case> {
  const size = example.labels.length;
  if (size > 1) {
    for (let i = 0; i < size; i++) {
      const one = (batch: readonly number[]): number[] =>
        batch.slice((i * batch.length) / size, ((i + 1) * batch.length) / size);
      yield { ...example, labels: [example.labels[i]!], kinds: [example.kinds[i]!], batches: example.batches.map(one) };
    }
  }
  for (const network of smallerNetworks(example.network)) yield { ...example, network };
  const simpler = example.batches.map((batch) => batch.map((value) => Math.round(value)));
  if (simpler.some((batch, i) => batch.some((value, k) => value !== example.batches[i]![k])))
    yield { ...example, batches: simpler };
}

/** The output has to stay what the case says it is, rows of numbers. */
function isWhole({ network, labels }: Case, width: number): boolean {
  try {
    const model = modelOf(network);
    const shape = model.outputs[0]!.shape;
    model.dispose();
    return shape.length === 2 && shape[1] === width && labels.every((label) => label < Math.max(2, width));
  } catch {
    return false;
  }
}

/** The smallest case found that still has a fault of this kind, and the fault. */
export async function shrink(
  example: Case,
  kind: Fault['kind'],
  oracle: FloatOracle,
  most = 300,
): Promise<{ readonly smaller: Case; readonly fault: Fault }> {
  const faultOf = async (tried: Case): Promise<Fault | undefined> => {
    const outcome = await tryCase(tried, oracle).catch(() => null);
    return outcome === null || 'unrunnable' in outcome
      ? undefined
      : outcome.faults.find((fault) => fault.kind === kind);
  };
  const model = modelOf(example.network);
  const width = model.outputs[0]!.shape[1]!;
  model.dispose();
  let smaller = example;
  let fault = await faultOf(example);
  if (fault === undefined) throw new Error('the fault does not come again: it depends on more than the case');
  let tries = 0;
  for (let shrunk = true; shrunk && tries < most;) {
    shrunk = false;
    for (const candidate of smallerCases(smaller)) {
      if (tries >= most) break;
      if (!isWhole(candidate, width)) continue;
      tries++;
      const same = await faultOf(candidate);
      if (same === undefined) continue;
      smaller = candidate;
      fault = same;
      shrunk = true;
      break;
    }
  }
  return { smaller, fault };
}
