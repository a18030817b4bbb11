import type { ComponentChildren } from 'preact';
import type { AccuracyPair, ApiComparison } from '../../api/comparison.js';

/** What changed, in figures. */
export function Facts({ comparison }: { readonly comparison: ApiComparison }) {
  const { shared, gone, added, excluded, unapplied, corrected, accuracy, unchanged, heldOut } = comparison;
  return (
    <>
      <dl class="card facts-row">
        {heldOut !== null && (
          <Accuracy name="Labels predicted by networks that had not trained on them" pair={heldOut} />
        )}
        {accuracy !== null && <Accuracy name="Labels predicted" pair={accuracy} />}
        {unchanged !== null && <Accuracy name="Of labels that stayed" pair={unchanged} />}
        <Fact name="Corrected labels">
          <span class="big">{number(corrected.count)}</span>
          {corrected.count > 0 && (
            <p class="note">
              {number(corrected.easy)} now of the easy half, {number(corrected.hard)} of the hardest tenth still
              {corrected.predicted !== null && `; ${number(corrected.predicted)} predicted as corrected`}
            </p>
          )}
          {unapplied > 0 && (
            <p class="note">{number(unapplied)} relabelled in the earlier run, and as they were in this one</p>
          )}
        </Fact>
        <Fact name="Examples">
          <span class="big">{number(shared)}</span>
          <p class="note">
            in both
            {gone > 0 && `; ${number(gone)} gone${excluded > 0 ? `, ${number(excluded)} of them excluded` : ''}`}
            {added > 0 && `; ${number(added)} new`}
          </p>
        </Fact>
      </dl>
      {accuracy !== null && (
        <p class="note">
          Both runs are judged by this run's labels, on the examples that they share.
          {heldOut === null &&
            ' The networks trained on these: the figures say how well they fit, not how well they do on new data. Runs with --folds say that too.'}
        </p>
      )}
    </>
  );
}

function Accuracy({ name, pair }: { readonly name: string; readonly pair: AccuracyPair }) {
  const { before, after, gained, lost, examples } = pair;
  return (
    <Fact name={name}>
      <span class="big">
        {percent(before)} <span aria-label="to">→</span> {percent(after)}
      </span>
      <p class="note">
        {number(gained)} gained, {number(lost)} lost, of {number(examples)}
      </p>
    </Fact>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const number = (count: number): string => count.toLocaleString('en');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
