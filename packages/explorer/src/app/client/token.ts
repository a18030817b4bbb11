const KEY = 'vogjs-token';

/**
 * The token of the link, `#token=…`. It is taken out of the address, so that it is in no bookmark and no picture of the
 * window, and kept for this tab.
 */
export function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return given ?? sessionStorage.getItem(KEY) ?? '';
}
