import { spawn } from 'node:child_process';
import process from 'node:process';

/** What opens a link on each system. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // Not `cmd /c start`: a shell would read the link's characters.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens a link in the user's browser. @returns whether a program took it */
export function openBrowser(link: string): Promise<boolean> {
  const [program, ...before] = OPENERS[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(program, [...before, link], { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    // An opener that found a browser ends well, or lives on as the browser.
    const patience = setTimeout(() => resolve(true), 2000);
    child.once('exit', (code) => {
      clearTimeout(patience);
      resolve(code === 0);
    });
    child.unref();
  });
}
