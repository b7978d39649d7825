import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { watchPage } from "../../../scripts/page-rest.mjs";

/** A page that holds its own against everything a browser complains about. */
export interface Visit {
  readonly page: Page;
  /** Goes to a page of the dashboard, such as `jobs?q=state:discarded`. */
  go(path: string): Promise<void>;
  /** Waits until all that the page asked for is there and drawn. */
  settled(): Promise<void>;
  /** Closes it, and fails if the browser had anything to say: errors, refusals of the policy, requests that failed. */
  end(): Promise<void>;
}

/** What a browser may say without anybody having done wrong, such as a refusal that a test asks for. */
export interface Allowed {
  readonly complaints?: RegExp;
}

/** Opens a page on a dashboard. */
export async function visit(
  browser: Browser,
  url: string,
  { complaints: allowed, ...options }: BrowserContextOptions & Allowed = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    locale: "en-GB",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog said ${dialog.message()}`);
    void dialog.dismiss();
  });
  const settled = watchPage(page);
  return {
    page,
    settled,
    async go(path) {
      await page.goto(new URL(path, `${url}/`).href);
    },
    async end() {
      await context.close();
      expect(complaints.filter((each) => allowed?.test(each) !== true)).toEqual([]);
    },
  };
}
