import { useEffect, useRef, useState } from 'preact/hooks';
import type { LineFeed } from '../state/line-feed.js';
import { Story } from './model/story.js';

/**
 * The story so far, told on once a frame however many lines come.
 *
 * @param epochs that the training was asked for, where that is known before it tells
 */
export function useStory(feed: LineFeed, epochs: () => number | null): Story {
  const anew = () => ({ story: new Story(epochs()), read: 0, beginning: feed.beginnings.value });
  const known = useRef<ReturnType<typeof anew> | null>(null);
  known.current ??= anew();
  const [, draw] = useState(0);
  useEffect(() => {
    let frame = 0;
    const tell = (): void => {
      frame = 0;
      if (known.current?.beginning !== feed.beginnings.value) known.current = anew();
      const { current } = known;
      const lines = feed.from(current.read);
      current.read += lines.length;
      for (const line of lines) current.story.take(parsed(line));
      draw((count) => count + 1);
    };
    const stop = feed.version.subscribe(() => {
      // Not by frames alone: a tab in the background has none.
      if (frame === 0) frame = window.setTimeout(tell, 50);
    });
    return () => {
      stop();
      clearTimeout(frame);
    };
  }, [feed]);
  return known.current.story;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
