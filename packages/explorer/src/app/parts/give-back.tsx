import { useState } from 'preact/hooks';
import type { ApiCorrections } from '../../api/types.js';
import { ask, post } from '../client/client.js';
import { readOnly } from '../state/decide.js';
import { attempt } from '../state/notices.js';
import { description, decisions } from '../state/run-state.js';

/** File name of each export; the server knows its content. */
const FILES: Readonly<Record<string, string>> = {
  csv: 'run.csv',
  jsonl: 'run.jsonl',
  parquet: 'run.parquet',
  'label-studio': 'label-studio.json',
  argilla: 'argilla.json',
  coco: 'coco.json',
  corrections: 'corrections.csv',
};

/** What was decided, for whoever trains next: the corrections, and the run in other programs' forms. */
export function GiveBack() {
  const [written, tell] = useState<ApiCorrections | null>(null);
  const { run, exports, name } = description.value!;
  const count = decisions.value.size;
  const write = async (): Promise<void> => {
    const answer = await attempt('corrections', () => post<ApiCorrections>('/api/corrections', { run }));
    if (answer !== null) tell(answer);
  };
  const download = async (format: number): Promise<void> => {
    const blob = await attempt('export', async () => (await ask(`/api/runs/${run}/exports/${format}`)).blob());
    if (blob === null) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${name}-${FILES[exports[format] ?? ''] ?? exports[format]}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  return (
    <details class="menu">
      <summary class="button">Give back {count > 0 ? count : ''}</summary>
      <div class="card">
        {!readOnly() && (
          <button class="primary" onClick={() => void write()}>
            Write corrections.csv into the run
          </button>
        )}
        <p class="note" role="status">
          {written !== null && `${written.corrections.length} written to ${written.file}`}
        </p>
        {written !== null && <Again {...written} />}
        <p class="note">Download as</p>
        {exports.map((format, number) => (
          <button key={format} onClick={() => void download(number)}>
            {format}
          </button>
        ))}
      </div>
    </details>
  );
}

/** What to run next, to copy. */
function Again({ again, file }: Pick<ApiCorrections, 'again' | 'file'>) {
  const [copied, tell] = useState(false);
  const code =
    again ?? `applyCorrections(labels, await readFile(${JSON.stringify(file)}, 'utf8'), { ids, classNames })`;
  const copy = async (): Promise<void> => {
    // Where the clipboard is not to be had, the text is there to be taken by hand.
    await attempt('copy', () => navigator.clipboard.writeText(code));
    tell(true);
  };
  return (
    <div class="again">
      <p>{again === null ? 'Train again on what this gives, of @vogjs/run:' : 'Train again with the corrections:'}</p>
      <pre tabIndex={0}>{code}</pre>
      <button onClick={() => void copy()}>{copied ? 'Copied' : 'Copy'}</button>
    </div>
  );
}
