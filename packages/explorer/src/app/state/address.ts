// The address holds the view. Browsers let a page write it a few hundred times in ten seconds, and each time costs a
// message to another process: while a brush is drawn, it follows a tenth of a second behind.
const APART = 100;

let waiting: ReturnType<typeof setTimeout> | null = null;
let next: string | null = null;
let written = -Infinity;

/** Puts an address in the place of the one that is there; now, or soon where it was written just before. */
export function replaceAddress(address: string): void {
  next = address;
  if (waiting !== null) return;
  const rest = written + APART - performance.now();
  if (rest <= 0) write();
  else waiting = setTimeout(write, rest);
}

/** Goes on to an address, to which "back" then returns from the next. */
export function pushAddress(address: string): void {
  if (waiting !== null) write();
  history.pushState(null, '', address);
}

function write(): void {
  if (waiting !== null) clearTimeout(waiting);
  waiting = null;
  if (next !== null) history.replaceState(null, '', next);
  next = null;
  written = performance.now();
}

/** Forgets what waits: "back" and "forward" went elsewhere. */
export function dropAddress(): void {
  if (waiting !== null) clearTimeout(waiting);
  waiting = next = null;
}
