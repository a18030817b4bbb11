import { fileStep, nodeFiles } from '../files/files.js';
import { encodeEvent, encodeFileVersion, type Event } from './event.js';
import { encodeRecord } from './record.js';

/** An event file that grows. */
export interface EventFile {
  readonly path: string;
  /**
   * Appends an event, whole: a file that is killed in between ends with a record that readers leave out.
   *
   * @throws VogError FILE_FAILED, DISK_FULL
   */
  append(event: Event): Promise<void>;
  close(): Promise<void>;
}

/** Files that this process has begun: two of one second have different names. */
let begun = 0;

/**
 * Begins a new event file in a folder, which is made if it is not there. TensorBoard reads all event files of a folder
 * as one run.
 *
 * @throws VogError FILE_FAILED, DISK_FULL
 */
export async function createEventFile(folder: string): Promise<EventFile> {
  const files = nodeFiles();
  const now = Date.now() / 1000;
  // The host's name has no place in a file that is passed on.
  const path = `${folder}/events.out.tfevents.${String(Math.floor(now)).padStart(10, '0')}.vogjs.${globalThis.process.pid}.${begun++}`;
  await fileStep('written', folder, () => files.mkdir(folder, { recursive: true }));
  const file = await fileStep('written', path, () => files.open(path, 'ax'));
  const write = (data: Uint8Array): Promise<void> =>
    fileStep('written', path, () => file.writeFile(encodeRecord(data)));
  await write(encodeFileVersion(now));
  return {
    path,
    append: (event) => write(encodeEvent(event)),
    close: () => fileStep('written', path, () => file.close()),
  };
}
