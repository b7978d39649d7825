import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { chromiumPath, launchChromium } from "../../../scripts/chromium.mjs";

/** Runs tests with a browser. Where there is none they are skipped and that is said loudly. */
export function inChromium(run: (browser: () => Browser) => void): void {
  const missing = chromiumPath() === undefined;
  if (missing) complain();
  describe.skipIf(missing)("in Chromium", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());
    run(() => browser);
  });
}

function complain(): void {
  const text =
    "NO CHROMIUM HERE: the dashboard's pages are NOT tested. Debian: apt-get install chromium. Elsewhere: HOLDFAST_TEST_CHROMIUM=/path/of/it";
  const line = "!".repeat(text.length);
  console.error(`\n${line}\n${text}\n${line}\n`);
}
