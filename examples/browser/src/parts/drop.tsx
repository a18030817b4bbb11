import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { chosenFiles, droppedFiles } from '../folder.js';
import { busy, trainOnFolder } from '../state.js';

/** Takes a folder of images: dropped, or chosen with the button. */
export function Drop() {
  const over = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <section
      class={over.value ? 'drop over' : 'drop'}
      aria-labelledby="drop-title"
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        if (event.dataTransfer) void trainOnFolder(droppedFiles(event.dataTransfer));
      }}
    >
      <div>
        <h2 id="drop-title">Your own images</h2>
        <p>
          Drop a folder here that holds one folder a class, such as <code>cat</code> and <code>dog</code>. The images
          are cut square, scaled to 32 × 32 and trained on at once. They stay in this tab.
        </p>
      </div>
      <button type="button" disabled={busy.value} onClick={() => input.current?.click()}>
        Choose a folder
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        // Not in the types: a folder, and all below it.
        {...{ webkitdirectory: true }}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = '';
          if (files.length > 0) void trainOnFolder(Promise.resolve(chosenFiles(files)));
        }}
      />
    </section>
  );
}
