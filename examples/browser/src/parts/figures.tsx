import { formatCount, formatPercent } from '../format.js';
import { examples, latest, reading, scored } from '../state.js';

const HARDEST = 50;

/** The run in three numbers. */
export function Figures() {
  const [all, snapshot] = [examples.value, latest.value];
  if (all === null || snapshot === null) return null;
  return (
    <ul class="figures">
      <li>
        <p class="label">Checkpoints</p>
        <p class="value">{snapshot.epoch}</p>
        <p class="note">one after each epoch, of all {formatCount(all.size)} examples</p>
      </li>
      <li>
        <p class="label">Training accuracy</p>
        <p class="value">{formatPercent(snapshot.accuracy)}</p>
        <p class="note">on the labels as given; loss {snapshot.loss.toFixed(2)}</p>
      </li>
      {all.planted !== null && <Found />}
    </ul>
  );
}

function Found() {
  const [all, snapshot] = [examples.value!, scored.value];
  const planted = all.planted!.reduce((sum, flag) => sum + flag, 0);
  const among = Math.min(HARDEST, all.size);
  const found =
    snapshot === null
      ? null
      : [...snapshot.rankings[reading.value].subarray(0, among)].filter((index) => all.planted![index] === 1).length;
  return (
    <li>
      <p class="label">Planted wrong labels among the hardest {among}</p>
      <p class="value">{found ?? '–'}</p>
      <p class="note">
        of {planted}; {((among * planted) / all.size).toFixed(1)} expected by chance
      </p>
    </li>
  );
}
