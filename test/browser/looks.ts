// What every page of ours must stand: no fault that axe knows, nothing wider than the screen. Pictures where they are asked for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';

/** Folder for pictures of the pages; undefined where none are wanted. */
const pictures = process.env['VOGJS_PICTURES'];

/** Errors that a page throws or prints, from now on. */
export function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  return problems;
}

/** What axe finds. It comes past the page's policy, which would refuse a script that is not its own. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** Refuses a page that is wider than its screen. */
export async function assertFits(page: Page, what: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${what}: ${overflow} px too wide`);
}

/** Takes a picture where they are wanted, once the page has come to rest. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  if (pictures === undefined) return;
  await page.waitForTimeout(1000);
  writeFileSync(join(pictures, `${name}.png`), await page.screenshot({ fullPage }));
}

/**
 * At both widths and in both schemes nothing overflows, and axe, which is slow, finds nothing at each of them once.
 *
 * @param ready waits for what is to be seen, at each of the four
 */
export async function lookAtAll(
  page: Page,
  name: string,
  { ready = async () => {}, wholePhone = true }: { ready?: () => Promise<unknown>; wholePhone?: boolean } = {},
): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await ready();
      const isTried = (width === 1280) === (colorScheme === 'light');
      if (isTried) assert.equal(await faultsOf(page), [], `${name} ${width} ${colorScheme}`);
      await assertFits(page, `${name} ${width}`);
      await picture(page, `${name}-${width}-${colorScheme}`, wholePhone && width === 390);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
}
