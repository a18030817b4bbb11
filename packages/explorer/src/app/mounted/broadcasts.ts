import { signal } from '@preact/signals';
import { type BroadcastPicture, type BroadcastTraining, followBroadcast, type Following } from '@vogjs/run/record';
import { LineFeed } from '../state/line-feed.js';

/** What pages say on a channel, for a view. */
export class Broadcasts {
  readonly channel: string;
  readonly feed = new LineFeed();
  readonly training = signal<BroadcastTraining | null>(null);
  /** Whether the page that trains has closed, or ended its broadcast. */
  readonly isGone = signal(false);
  readonly #following: Following;

  constructor(channel: string) {
    this.channel = channel;
    this.#following = followBroadcast({
      channel,
      onBegin: (training) => {
        this.training.value = training;
        this.isGone.value = false;
        this.feed.begin();
      },
      onLine: (line) => {
        // A page that was left and come back to goes on.
        this.isGone.value = false;
        this.feed.take(line);
      },
      onGone: () => (this.isGone.value = true),
    });
  }

  picture(row: number, take: (picture: BroadcastPicture) => void): void {
    this.#following.picture(row, take);
  }

  close(): void {
    this.#following.close();
  }
}
