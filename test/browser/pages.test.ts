import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { serveDashboard } from "../../examples/dashboard/serve.mjs";
import { startWorld, type World } from "../../examples/dashboard/world.mjs";
import { dashboardPages } from "../../scripts/dashboard-pages.mjs";
import { freshDatabase } from "../support/fresh-database.ts";
import { seriousViolations, type Themes } from "./support/axe.ts";
import { inChromium } from "./support/in-chromium.ts";
import { visit } from "./support/visit.ts";

const widerThanWindow = "document.documentElement.scrollWidth - innerWidth";

interface Look {
  readonly look: string;
  readonly themes: Themes;
  readonly options: BrowserContextOptions;
}

/** German, whose words are longer, where something may be too narrow for them. */
const looks: readonly Look[] = [
  { look: "light", themes: "as it is", options: { colorScheme: "light" } },
  {
    look: "dark and in German",
    themes: "as it is",
    options: { colorScheme: "dark", locale: "de-DE" },
  },
  {
    look: "on a phone and in German",
    themes: "as it is",
    options: { locale: "de-DE", viewport: { width: 390, height: 844 }, hasTouch: true },
  },
];
const bothThemes: Look = { look: "light and dark", themes: "light and dark", options: {} };

inChromium((browser) => {
  describe.each([
    // How a page looks depends on no database, what is on it does.
    { kind: "SQLite", seen: looks },
    { kind: "PostgreSQL", seen: [bothThemes] },
  ])("on $kind", ({ kind, seen }) => {
    let world: World;
    let url: string;
    const ends: (() => unknown)[] = [];

    beforeAll(async () => {
      world = await startWorld(await placeOn(kind, ends), { hours: 4, minutes: 8 });
      ends.push(() => world.stop());
      const server = await serveDashboard(world.client, 0);
      ends.push(() => server.close());
      url = server.url;
    }, 120_000);
    afterAll(async () => {
      for (const end of ends.toReversed()) await end();
    });

    test.each(seen)(
      "every page, $look: nothing serious for axe, nothing to complain about for the browser, nothing wider than the window",
      async ({ themes, options }) => {
        const { page, go, settled, end } = await visit(browser(), url, options);
        const found: string[] = [];
        for (const [name, where] of await dashboardPages(world.client)) {
          await go(where);
          await settled();
          for (const violation of await seriousViolations(page, { themes }))
            found.push(`${name}: ${violation}`);
          const wider = await page.evaluate<number>(widerThanWindow);
          const text = await page.locator("main").innerText();
          if (wider > 0) found.push(`${name}: ${wider} px wider than the window`);
          if (text.includes("undefined") || text.includes("NaN"))
            found.push(`${name}: ${text.slice(0, 200)}`);
        }
        expect(found).toEqual([]);
        await end();
      },
      180_000,
    );
  });
});

async function placeOn(kind: string, ends: (() => unknown)[]) {
  if (kind === "PostgreSQL") {
    const database = await freshDatabase(inject("databaseUrl"));
    ends.push(() => database.drop());
    return { url: database.url };
  }
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-pages-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return { url: `sqlite:${path.join(folder, "shop.db")}` };
}
