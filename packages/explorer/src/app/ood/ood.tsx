import { useEffect } from 'preact/hooks';
import { Detail } from '../parts/detail.js';
import { attempt } from '../state/notices.js';
import { need, ood } from '../state/run-state.js';
import { show } from '../state/view-state.js';
import { Mistakes } from './mistakes.js';
import { sharesOf, SetCard } from './set-card.js';
import { detector, evaluations, scale, scores, threshold } from './state.js';
import { Threshold } from './threshold.js';
import './ood.css';

/** An out-of-distribution evaluation: the sets side by side, a threshold, and what it calls wrongly. */
export function Ood() {
  const column = detector.value;
  useEffect(() => void attempt('columns', () => need(column)), [column]);
  return (
    <main id="main" class="ood">
      <div class="bar">
        <h1>Does the model know what it does not know?</h1>
        <Detectors />
      </div>
      <Body />
      <Detail />
    </main>
  );
}

function Body() {
  const [sets, axis, at, column] = [scores.value, scale.value, threshold.value, detector.value];
  const [ins] = sets ?? [];
  const problems = [...new Set(evaluations.value.filter((each) => typeof each === 'string'))];
  if (column === undefined) return <p class="pad">This run has no scores of a detector.</p>;
  if (sets === null || ins === undefined) return <p class="pad">Reading the scores of {column.name}…</p>;
  if (axis === null)
    return <p class="pad">No two scores of {column.name} differ: no threshold tells the sets apart.</p>;
  if (at === null) return problems.map((text) => <p class="notice fault">{text}</p>);
  const most = Math.max(...sets.flatMap((each) => [...sharesOf(each, axis)]));
  return (
    <>
      {problems.map((text) => (
        <p key={text} class="notice fault">
          {text}
        </p>
      ))}
      <div class="sets">
        {sets.map((each, place) => {
          const evaluation = place === 0 ? undefined : evaluations.value[place - 1];
          return (
            <SetCard
              key={each.set.name}
              scores={each}
              ins={ins}
              scale={axis}
              threshold={at}
              most={most}
              evaluation={typeof evaluation === 'string' ? undefined : evaluation}
            />
          );
        })}
      </div>
      <Threshold name={column.name} at={at} scale={axis} sets={sets} />
      <p class="note">
        Left of the line is let in, right of it kept out. Intervals are of 95 %: of the rates exact (Clopper and Pearson
        1934), of the AUROC by bootstrap over the examples. Another training run would move the numbers too.
      </p>
      {sets.map((each, place) => (
        <Mistakes key={each.set.name} scores={each} place={place} threshold={at} detector={column.name} />
      ))}
    </>
  );
}

function Detectors() {
  const names = ood.value?.detectors ?? [];
  if (names.length < 2) return <strong>{detector.value?.name}</strong>;
  return (
    <label class="order">
      Detector{' '}
      <select
        value={detector.value?.name}
        // Thresholds of one detector say nothing to another.
        onChange={(event) => show({ detector: event.currentTarget.value, threshold: null })}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
