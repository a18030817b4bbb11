// Headless Chromium for tests: the machine's own (Debian's package), never one that is downloaded.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium } from 'playwright-core';

function onPath(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/**
 * Path of Chromium: the environment variable VOGJS_CHROMIUM, or `chromium` on the PATH; null where there is none. A path
 * that was named and does not hold one fails its tests.
 */
export function chromiumPath(): string | null {
  return process.env['VOGJS_CHROMIUM'] || onPath('chromium');
}

export const NO_CHROMIUM = 'no Chromium: install the package `chromium`, or name its path in VOGJS_CHROMIUM';

/**
 * Starts it with software drivers for WebGL and WebGPU (SwiftShader), so that both run on a machine without a graphics
 * card.
 */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath() ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
}
