import { formatPercentile, formatScore } from '../format.js';
import { examples, open, reading, scored } from '../state.js';
import { Picture } from './picture.js';

interface GalleryProps {
  readonly end: 'hardest' | 'easiest';
  readonly count: number;
}

/** The examples at one end of the ranking, as it stands after the latest epoch. */
export function Gallery({ end, count }: GalleryProps) {
  const [all, snapshot] = [examples.value, scored.value];
  if (all === null || snapshot === null) return null;
  const ranking = snapshot.rankings[reading.value];
  const shown = end === 'hardest' ? [...ranking.subarray(0, count)] : [...ranking.subarray(-count)].reverse();
  return (
    <ol class="gallery">
      {shown.map((index) => {
        const wrong = all.planted?.[index] === 1;
        return (
          <li key={index} class={wrong ? 'flagged' : ''}>
            <button type="button" onClick={() => void open(index)}>
              <Picture examples={all} index={index} />
              <span class="line">{all.classNames[all.labels[index]!]}</span>
              {wrong && <span class="line truth">is {all.classNames[all.trueLabels[index]!]}</span>}
              <span class="numbers">
                <span>{formatScore(snapshot.scores[reading.value][index]!)}</span>
                <span>{formatPercentile(snapshot.percentiles[reading.value][index]!)}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
