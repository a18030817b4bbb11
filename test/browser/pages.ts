// Pages under test: one browser and one site a test file, closed at its end.
import type { Browser, Page } from 'playwright-core';
import type { suite } from 'uvu';
import { chromiumPath, launchChromium, NO_CHROMIUM } from './chromium.js';
import { serve, type Site } from './site.js';

export type PageBackend = 'wasm' | 'webgl' | 'webgpu';
type Suite = ReturnType<typeof suite>;

/** Registers a test in a suite whose tests need Chromium: a counted skip, with the way out, where there is none. */
export function inChromium(test: Suite): (title: string, run: () => Promise<void>) => void {
  if (chromiumPath() !== null) return (title, run) => test(title, run);
  console.log(`skipped: ${NO_CHROMIUM}`);
  return (title) => test.skip(title);
}

/** A site and a browser that start when a page is first asked for. */
export class Pages {
  private browser: Browser | undefined;
  private site: Site | undefined;
  private readonly open = new Map<string, Page>();

  constructor(private readonly entry: string) {}

  /** A page of this backend, the same one each time. Its uncaught errors fail whoever asks for it next. */
  async on(backend: PageBackend): Promise<Page> {
    const present = this.open.get(backend);
    if (present !== undefined) return present;
    this.browser ??= await launchChromium();
    this.site ??= await serve(this.entry);
    const page = await this.browser.newPage();
    page.setDefaultTimeout(240_000);
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(this.site.url);
    // A script that fails says why, and does not leave a test waiting for what it would have made.
    const ready = page.waitForFunction(() => 'tests' in globalThis, undefined, { timeout: 60_000 });
    const failed = new Promise<never>((_, reject) => {
      page.once('pageerror', ({ message }) => reject(new Error(message)));
    });
    failed.catch(() => {});
    if (errors.length > 0) throw new Error(errors.join('\n'));
    await Promise.race([ready, failed]);
    if (errors.length > 0) throw new Error(errors.join('\n'));
    await page.evaluate(
      (name) =>
        (globalThis as unknown as { tests: { startBackend(_: string): Promise<void> } }).tests.startBackend(name),
      backend,
    );
    this.open.set(backend, page);
    return page;
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.site?.close();
  }
}
