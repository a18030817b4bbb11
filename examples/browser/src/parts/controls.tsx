import { BACKEND_TITLES } from '../backends.js';
import { available, backend, busy, choose, epochs, phase, plant, size, stop, trainOnFashion, why } from '../state.js';

/** The choices and the present value, which the address may have set. */
const withOwn = (choices: readonly number[], value: number): number[] =>
  [...new Set([...choices, value])].sort((a, b) => a - b);

/** What to train on, for how long, and what computes it. */
export function Controls() {
  const locked = busy.value || phase.value === 'looking';
  return (
    <form
      class="panel"
      aria-label="Training"
      onSubmit={(event) => {
        event.preventDefault();
        void trainOnFashion();
      }}
    >
      <div class="fields">
        <label>
          Images
          <select
            disabled={locked}
            value={size.value}
            onChange={({ currentTarget }) => (size.value = Number(currentTarget.value))}
          >
            {withOwn([300, 1000, 2000, 5000, 10_000], size.value).map((count) => (
              <option key={count} value={count}>
                {count.toLocaleString('en')}
              </option>
            ))}
          </select>
        </label>
        <label>
          Epochs
          <select
            disabled={locked}
            value={epochs.value}
            onChange={({ currentTarget }) => (epochs.value = Number(currentTarget.value))}
          >
            {withOwn([3, 5, 8, 12, 20], epochs.value).map((count) => (
              <option key={count}>{count}</option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            disabled={locked}
            checked={plant.value}
            onChange={({ currentTarget }) => (plant.value = currentTarget.checked)}
          />
          Plant 5 % wrong labels, to see them found
        </label>
      </div>
      <fieldset disabled={locked}>
        <legend>Computed by</legend>
        {available.value.map((offer) => (
          <label key={offer.backend} class={offer.available ? 'offer' : 'offer absent'}>
            <input
              type="radio"
              name="backend"
              value={offer.backend}
              disabled={!offer.available}
              checked={backend.value === offer.backend}
              onChange={() => choose(offer.backend)}
            />
            <span>
              <strong>{BACKEND_TITLES[offer.backend]}</strong>
              <span class="note">{offer.reason}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p class="note why">{why.value}</p>
      <div class="actions">
        <button type="submit" class="primary" disabled={locked || backend.value === null}>
          Train on Fashion-MNIST
        </button>
        <button type="button" disabled={phase.value !== 'training'} onClick={stop}>
          Stop
        </button>
      </div>
    </form>
  );
}
