import { Controls } from './parts/controls.js';
import { DataMap } from './parts/data-map.js';
import { Detail } from './parts/detail.js';
import { Drop } from './parts/drop.js';
import { Figures } from './parts/figures.js';
import { Gallery } from './parts/gallery.js';
import { Histogram } from './parts/histogram.js';
import { Live } from './parts/live.js';
import { examples, failure, latest, notes, phase, progress, reading, scored } from './state.js';
import type { Reading } from './training.js';

const READINGS: readonly { readonly name: Reading; readonly title: string; readonly meaning: string }[] = [
  { name: 'vog-loss', title: 'VoG of the loss', meaning: 'finds wrong labels: the pull of a label that does not fit' },
  {
    name: 'vog',
    title: 'VoG of the probability',
    meaning: 'what is hard to learn: late in training error rises with it',
  },
];

export function App() {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the training
      </a>
      <header class="top">
        <p class="kicker">VoG.js in this tab</p>
        <h1>Which examples are hard?</h1>
        <p class="lead">
          A small network trains here, in your browser, on images. After each epoch, Variance of Gradients scores every
          one of them: how much the pull on its pixels has moved so far. Nothing leaves this machine.
        </p>
      </header>
      <main id="main">
        <Controls />
        <Progress />
        <Figures />
        <Live />
        <Results />
        <Drop />
      </main>
      <Detail />
      <footer>
        VoG.js, MIT licence. Fashion-MNIST © Zalando SE, MIT licence. Variance of Gradients: Agarwal, D'souza &amp;
        Hooker, CVPR 2022.
      </footer>
    </>
  );
}

function Progress() {
  const { share, text } = progress.value;
  const idle = phase.value === 'looking' || phase.value === 'ready';
  return (
    <div class="progress" data-phase={phase.value}>
      {!idle && phase.value !== 'failed' && <progress value={share} max={1} aria-label="Training" />}
      <p class="note" role="status">
        {phase.value === 'failed' ? '' : text}
      </p>
      {failure.value !== null && (
        <p class="notice" role="alert">
          {failure.value}
        </p>
      )}
      {notes.value.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
    </div>
  );
}

function Results() {
  if (examples.value === null) return null;
  if (scored.value === null) {
    return (
      latest.value !== null && (
        <p class="note waiting">Scores begin with the second checkpoint: one point has no variance.</p>
      )
    );
  }
  return (
    <>
      <div class="readings" role="radiogroup" aria-label="Score">
        {READINGS.map(({ name, title, meaning }) => (
          <label key={name}>
            <input
              type="radio"
              name="reading"
              checked={reading.value === name}
              onChange={() => (reading.value = name)}
            />
            <span>
              <strong>{title}</strong>
              <span class="note">{meaning}</span>
            </span>
          </label>
        ))}
      </div>
      <section aria-labelledby="hardest-title">
        <h2 id="hardest-title">Hardest</h2>
        <p class="note">
          {examples.value.title}, after epoch {scored.value.epoch}. Below each: its label, score and percentile.
          {examples.value.planted !== null && ' An orange frame marks a label that this page planted wrong.'}
        </p>
        <Gallery end="hardest" count={24} />
      </section>
      <section aria-labelledby="easiest-title">
        <h2 id="easiest-title">Easiest</h2>
        <Gallery end="easiest" count={12} />
      </section>
      <section aria-labelledby="histogram-title">
        <h2 id="histogram-title">How the scores lie</h2>
        <Histogram />
      </section>
      <section aria-labelledby="map-title">
        <h2 id="map-title">Data map</h2>
        <p>
          Higher up, the network was surer of the label while it trained; further right, it changed its mind more. Top
          left lies what is easy, on the right the ambiguous; at the bottom left what was hardly ever learned.
        </p>
        <DataMap />
      </section>
    </>
  );
}
