// What `@vogjs/explorer/live` is to the programs that use it. Its code is in `app/mounted`, and is bundled.

export type { ExplorerErrorCode } from './error-codes.js';

/** What `mountLive` takes. */
export interface MountLiveOptions {
  /** Name of the BroadcastChannel, the same as `broadcastTracker` was given. Default `vogjs`. */
  readonly channel?: string | undefined;
  /** Told which of the hardest examples was pressed, by its position in the probe; without it none can be pressed. */
  readonly onOpen?: ((row: number) => void) | undefined;
}

/** A live view in a page. */
export interface MountedLive {
  /** Stops following, and empties the element. */
  close(): void;
}

/**
 * Shows in an element of a page the training that `broadcastTracker` tells of, in this page or in another of the same
 * origin. It brings its own styles, and touches none of the page's.
 *
 * ```ts
 * mountLive(document.querySelector('#live'));
 * ```
 *
 * @param place an element that may have a shadow root, such as a `div`
 * @throws VogError ARGUMENT_INVALID
 */
export declare function mountLive(place: Element, options?: MountLiveOptions): MountedLive;
