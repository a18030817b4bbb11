import { figure } from '../../parts/words.js';
import { otherFigures } from '../model/groups.js';
import type { Story } from '../model/story.js';

/** As many rows are in the page. */
const SHOWN = 200;

/** All curves as a table, for who reads numbers, or does not see curves. */
export function Numbers({ story, name }: { readonly story: Story; readonly name: string }) {
  const figures = [...story.figures];
  const scores = new Map(story.scores.get(name)?.map((point) => [point.x, point]));
  const stops = new Set([...figures.flatMap(([, points]) => points.map(({ x }) => x)), ...scores.keys()]);
  const rows = [...stops].toSorted((a, b) => b - a).slice(0, SHOWN);
  const at = new Map(figures.map(([each, points]) => [each, new Map(points.map(({ x, y }) => [x, y]))]));
  const others = otherFigures(story);
  return (
    <details class="numbers">
      <summary>The numbers</summary>
      {others.length > 0 && (
        <p class="note">
          Last told: {others.map(([each, value]) => `${each.replaceAll('_', ' ')} ${figure(value)}`).join(', ')}.
        </p>
      )}
      <div class="wide-table" role="region" aria-label="Figures by epoch" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">after epoch</th>
              {figures.map(([each]) => (
                <th key={each} scope="col">
                  {each.replaceAll('_', ' ')}
                </th>
              ))}
              {scores.size > 0 &&
                ['mean', 'p5', 'p25', 'median', 'p75', 'p95'].map((each) => (
                  <th key={each} scope="col">
                    {name} {each}
                  </th>
                ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((x) => (
              <tr key={x}>
                <th scope="row">{Number(x.toFixed(2))}</th>
                {figures.map(([each]) => (
                  <td key={each}>{figure(at.get(each)?.get(x))}</td>
                ))}
                {scores.size > 0 &&
                  [scores.get(x)?.mean, ...Array.from({ length: 5 }, (_, band) => scores.get(x)?.bands[band])].map(
                    (value, place) => <td key={place}>{figure(value)}</td>,
                  )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
