import * as Plot from '@observablehq/plot';
import { seededRandom } from '@vogjs/core';
import { chart, type Layout } from '../../charts/chart.js';
import { dotsMark, ringsMark } from '../../charts/dots.js';
import { formatCount, formatFixed, formatPercent } from '../../markup/format.js';
import { html, type Html } from '../../markup/html.js';
import type { Section } from '../../page/section.js';
import type { Context } from '../context.js';

/** Most points that are drawn: more would hide each other and fill the file. */
const drawnAtMost = 4000;
/** Most rings around flagged points, beyond which they hide the map. */
const ringsAtMost = 800;

/** By how often the label was predicted, from never to always: the colours of the map and the rows of its table. */
const groups = ['never', 'up to a third', 'up to two thirds', 'more, not always', 'always'] as const;

/**
 * Which group an example belongs to. A float32 share is not 1/3 when one of three checkpoints was right: the checkpoints
 * are counted, in whole numbers.
 */
export function correctnessGroup(share: number, checkpoints: number): 0 | 1 | 2 | 3 | 4 {
  const all = Math.max(1, checkpoints);
  const whole = Math.round(share * all);
  // Of scores that do not rest on whole checkpoints, the share itself, a rounding of float32 allowed.
  const right = Math.abs(share * all - whole) <= 1e-6 * all ? whole : share * all * (1 - 1e-6);
  if (right <= 0) return 0;
  if (3 * right <= all) return 1;
  if (3 * right <= 2 * all) return 2;
  return right < all ? 3 : 4;
}

interface Group {
  readonly name: string;
  readonly colour: string;
  readonly members: readonly number[];
  readonly drawn: readonly number[];
}

/** Confidence over variability, coloured by correctness (Swayamdipta et al. 2020, Fig. 1). */
export function dataMapSection(context: Context): Section | null {
  const map = context.input.dataMap;
  if (!map) return null;
  const { confidence, variability, correctness } = map;
  const examples = Array.from(confidence.values.keys()).filter((example) =>
    [confidence, variability, correctness].every(({ values }) => Number.isFinite(values[example])),
  );
  if (examples.length < 2) return null;
  const members: number[][] = groups.map(() => []);
  for (const example of examples) {
    members[correctnessGroup(correctness.values[example]!, correctness.checkpoints)]!.push(example);
  }
  const samples = samplesOf(members);
  const parts = groups.map((name, index): Group => ({
    name,
    colour: `var(--correct-${index})`,
    members: members[index]!,
    drawn: samples[index]!,
  }));
  const drawn = samples.flat();
  const rings = context.flags ? drawn.filter((example) => context.flags![example] === 1) : [];
  const ringed = rings.length > 0 && rings.length <= ringsAtMost;
  const description =
    `Data map of ${formatCount(drawn.length)} examples: confidence over variability, coloured by correctness. ` +
    'The table below counts all examples.';
  return {
    id: 'data-map',
    title: 'Data map',
    body: html`<p>
        Each point is an example. Higher up, the model was surer of the given label while it trained; further right, it
        changed its mind more. Top left lies what is easy to learn; on the right the ambiguous; bottom left what was
        hardly ever learned, where wrong labels gather.
      </p>
      ${legend(parts, ringed ? context.flagName : null)}
      ${chart(description, (layout, width) => draw(context, parts, ringed ? rings : [], layout, width))}
      ${drawn.length < examples.length && html`<p class="note">${sampleNote(parts, examples.length)}</p>`}
      ${rings.length > ringsAtMost && html`<p class="note">${formatCount(rings.length)} of the points are ${context.flagName}: too many to ring; the table has their share.</p>`}
      ${table(context, parts)}`,
  };
}

/**
 * What is drawn of each group: all of it while there is room, and where there is not, the small groups whole and as many
 * of each large one as of any other. A uniform sample would thin out the rare groups, for which the map is drawn.
 */
export function samplesOf(groups: readonly (readonly number[])[], atMost = drawnAtMost): (readonly number[])[] {
  const bySize = groups.map((_, index) => index).sort((a, b) => groups[a]!.length - groups[b]!.length);
  const samples = groups.map((): readonly number[] => []);
  // The same seed always: the page is a function of its input.
  const random = seededRandom(0);
  let room = atMost;
  for (const [position, index] of bySize.entries()) {
    const members = groups[index]!;
    const count = Math.min(members.length, Math.floor(room / (groups.length - position)));
    room -= count;
    samples[index] =
      count === members.length
        ? members
        : Array.from(random.shuffle(members.length).subarray(0, count), (at) => members[at]!).sort((a, b) => a - b);
  }
  return samples;
}

/** What of the examples is drawn, group by group: the density of the points is not that of the data. */
function sampleNote(parts: readonly Group[], size: number): string {
  const drawn = parts.reduce((sum, part) => sum + part.drawn.length, 0);
  const shares = parts
    .filter(({ members }) => members.length > 0)
    .map((part) => {
      const all = part.drawn.length === part.members.length;
      const some = all
        ? `all ${formatCount(part.members.length)}`
        : `${formatCount(part.drawn.length)} of ${formatCount(part.members.length)}`;
      return `${part.name}, ${some}`;
    });
  return (
    `${formatCount(drawn)} of ${formatCount(size)} examples are drawn, each group for itself, so that rare ones are not ` +
    `thinned out: ${shares.join('; ')}. Within a group the choice is random; the table counts all.`
  );
}

function legend(parts: readonly Group[], flagName: string | null): Html {
  return html`<p class="legend">
    <span>Predicted as labelled:</span>
    ${parts.map(({ name, colour }) => html`<span><i class="swatch round" style="background: ${colour}"></i>${name}</span>`)}
    ${flagName !== null && html`<span><i class="swatch ring"></i>${flagName}</span>`}
  </p>`;
}

function draw(
  { input }: Context,
  parts: readonly Group[],
  rings: readonly number[],
  layout: Layout,
  width: number,
): Plot.PlotOptions {
  const { confidence, variability } = input.dataMap!;
  const wide = layout === 'wide';
  const pointOf = (example: number) => ({ x: variability.values[example]!, y: confidence.values[example]! });
  const region = (text: string, x: number, y: number, anchor: 'start' | 'end') =>
    Plot.text([text], {
      x: () => x,
      y: () => y,
      text: () => text,
      textAnchor: anchor,
      fontSize: wide ? 13 : 11,
      fontWeight: 600,
      fill: 'currentColor',
      stroke: 'var(--surface)',
      strokeWidth: 5,
    });
  const { most } = parts
    .flatMap(({ members }) => members)
    .reduce(({ most }, example) => ({ most: Math.max(most, variability.values[example]!) }), { most: 0.05 });
  const right = Math.min(0.52, 1.04 * most);
  // Large groups below small ones, so that no colour buries another.
  const layers = parts.toSorted((first, second) => second.drawn.length - first.drawn.length);
  return {
    height: wide ? 500 : 380,
    marginLeft: 44,
    marginRight: 14,
    marginTop: 24,
    marginBottom: 42,
    x: { domain: [0, right], label: 'variability (right = changed its mind more)', ticks: Math.round(width / 110) },
    y: { domain: [0, 1], label: 'confidence in the given label', grid: true, ticks: 5 },
    marks: [
      ...layers.map(({ drawn, colour }) => dotsMark(drawn.map(pointOf), colour, wide ? 4 : 3.2)),
      ringsMark(rings.map(pointOf), wide ? 4 : 3.5),
      region('↑ easy to learn', 0.012 * right, 0.72, 'start'),
      region('ambiguous →', 0.985 * right, 0.5, 'end'),
      region('↓ hard to learn', 0.012 * right, 0.28, 'start'),
    ],
  };
}

function table({ input, flags, flagName }: Context, parts: readonly Group[]): Html {
  const { confidence, variability } = input.dataMap!;
  const meanOf = (values: Float32Array, members: readonly number[]) =>
    members.reduce((sum, example) => sum + values[example]!, 0) / members.length;
  const total = parts.reduce((sum, { members }) => sum + members.length, 0);
  return html`<details>
    <summary>The numbers</summary>
    <div class="scroll" role="region" aria-label="Data map" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">predicted as labelled</th>
            <th scope="col">examples</th>
            <th scope="col">share</th>
            <th scope="col">mean confidence</th>
            <th scope="col">mean variability</th>
            ${flags && html`<th scope="col">${flagName}</th>`}
          </tr>
        </thead>
        <tbody>
          ${parts.map(({ name, members }) => {
            const of = (values: Float32Array) => (members.length === 0 ? '' : formatFixed(meanOf(values, members), 3));
            const found = flags ? members.filter((example) => flags[example] === 1).length : 0;
            return html`<tr>
              <th scope="row">${name}</th>
              <td>${formatCount(members.length)}</td>
              <td>${formatPercent(members.length / total)}</td>
              <td>${of(confidence.values)}</td>
              <td>${of(variability.values)}</td>
              ${flags && html`<td>${formatCount(found)}${members.length > 0 && ` (${formatPercent(found / members.length)})`}</td>`}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </details>`;
}
