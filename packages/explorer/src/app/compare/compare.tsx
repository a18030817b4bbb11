import { useEffect, useState } from 'preact/hooks';
import type { ApiComparison } from '../../api/comparison.js';
import { askJson } from '../client/client.js';
import { shareOf } from '../parts/words.js';
import { description, list } from '../state/run-state.js';
import { show, view } from '../state/view-state.js';
import { Facts } from './facts.js';
import { Moved } from './moved.js';
import { correctionOf, otherOf } from './model.js';
import { Tenths } from './tenths.js';
import './compare.css';

/** The open run beside an earlier one: what moved, what became of the corrections, accuracy before and after. */
export function Compare() {
  const runs = (list.value?.runs ?? []).filter((each) => !each.ood);
  const { run } = view.value;
  const other = view.value.other ?? otherOf(runs, run);
  const [column, setColumn] = useState<number | null>(null);
  const { comparison, failure } = useComparison(other, run, column);
  const next = correctionOf(runs, run);
  return (
    <main id="main" class="compare">
      <header class="bar">
        <h1>{comparison === null ? 'Compare' : `${comparison.before} → ${comparison.after}`}</h1>
        <label class="order">
          With the earlier run{' '}
          <select
            value={other ?? ''}
            onChange={(event) => {
              setColumn(null);
              show({ other: Number(event.currentTarget.value) }, true);
            }}
          >
            {runs.map((each) => (
              <option key={each.run} value={each.run} disabled={each.run === run || each.state === 'damaged'}>
                {each.name}
                {each.state === 'damaged' && ' (damaged)'}
              </option>
            ))}
          </select>
        </label>
        {other !== null && (
          <button
            onClick={() => {
              setColumn(null);
              show({ run: other, other: run, row: null }, true);
            }}
          >
            Swap
          </button>
        )}
        {comparison !== null && comparison.scores.length > 1 && (
          <label class="order score">
            By{' '}
            <select
              value={comparison.scores.find(({ name }) => name === comparison.score?.name)?.column}
              onChange={(event) => setColumn(Number(event.currentTarget.value))}
            >
              {comparison.scores.map((each) => (
                <option key={each.column} value={each.column}>
                  {each.name}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {next !== null && next !== other && (
        <p class="notice">
          There is a run of this one's corrections.{' '}
          <button class="link" onClick={() => show({ run: next, other: run, row: null }, true)}>
            Compare it with this one
          </button>
        </p>
      )}
      {other === null && <p class="empty">There is no other run that can be read.</p>}
      {failure !== null && (
        <p class="notice fault" role="alert">
          {failure}
        </p>
      )}
      {comparison === null && other !== null && failure === null && <p class="pad">Reading both runs…</p>}
      {comparison !== null && <Both comparison={comparison} />}
    </main>
  );
}

function Both({ comparison }: { readonly comparison: ApiComparison }) {
  const { shared, score, corrected, harder, easier, before, agreement } = comparison;
  if (shared === 0) {
    return (
      <p class="empty">The runs share no example: no id of {before} is in this one. Compare runs of the same data.</p>
    );
  }
  return (
    <>
      <Facts comparison={comparison} />
      {corrected.count > 0 && (
        <Moved
          title="Corrected labels"
          note={
            corrected.examples.length < corrected.count
              ? `the hardest ${corrected.examples.length} of ${corrected.count.toLocaleString('en')}`
              : 'those that are hard still come first'
          }
          examples={corrected.examples}
        />
      )}
      {score === null ? (
        <p class="empty">The runs share no score: neither ranks nor movements can be compared.</p>
      ) : (
        <>
          <section class="card agreement" aria-labelledby="agreement-title">
            <div>
              <h2 id="agreement-title">Where examples went</h2>
              <p>
                By {score.name}, a tenth of the shared examples a row: where each tenth of the earlier run lies in the
                later one. What stayed is on the diagonal.
              </p>
              <p class="note">
                {agreement === null
                  ? 'Too few values differ for a rank correlation.'
                  : `Spearman's rank correlation ${shareOf(agreement).replace('-', '−')}.`}
              </p>
            </div>
            <Tenths counts={comparison.tenths} />
          </section>
          <Moved title="Became harder" note={`by ${score.name}, most first`} examples={harder.slice(0, 24)} />
          <Moved title="Became easier" note={`by ${score.name}, most first`} examples={easier.slice(0, 24)} />
        </>
      )}
    </>
  );
}

function useComparison(
  before: number | null,
  after: number,
  column: number | null,
): { readonly comparison: ApiComparison | null; readonly failure: string | null } {
  const [comparison, setComparison] = useState<ApiComparison | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const edition = description.value?.edition;
  useEffect(() => {
    let current = true;
    setFailure(null);
    if (before === null) return;
    const address = `/api/compare/${before}/${after}${column === null ? '' : `/${column}`}`;
    askJson<ApiComparison>(address).then(
      (value) => current && setComparison(value),
      (error: unknown) => {
        if (!current) return;
        setComparison(null);
        setFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      current = false;
    };
  }, [before, after, column, edition]);
  return { comparison, failure };
}
